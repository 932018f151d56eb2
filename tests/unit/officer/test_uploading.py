from __future__ import annotations

import io
import zipfile

import pytest

from webapp.uploading import EXCEL, UNKNOWN, WORD, detect_type


def packed(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


class TestDetectType:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"%PDF-1.7\n", "application/pdf"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
            (b"II*\x00\x08\x00", "image/tiff"),
            ("付款凭证说明".encode(), "text/plain"),
            ("付款凭证说明".encode("gb18030"), "text/plain"),
            (packed("word/document.xml", "[Content_Types].xml"), WORD),
            (packed("xl/workbook.xml"), EXCEL),
            (packed("OFD.xml"), "application/ofd"),
        ],
    )
    def test_knows_what_is_taken(self, content: bytes, expected: str):
        assert detect_type(content) == expected

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00\x03",
            b"\x7fELF\x02\x01",
            b"#!/bin/sh\nrm -rf /\n",
            b"<?php echo 1;",
            b"<!doctype html><script>alert(1)</script>",
            b"  <svg onload=alert(1)>",
            packed("setup.exe"),
            packed("word/document.xml", "word/vbaProject.bin"),
            b"PK\x03\x04broken",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64,
        ],
    )
    def test_takes_no_program_archive_or_page(self, content: bytes):
        assert detect_type(content) == UNKNOWN
