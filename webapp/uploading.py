"""Take a file in for both doors: what it is is read from its content, never from its name."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterable, Mapping

import puremagic
from werkzeug.datastructures import FileStorage

from webapp.current import desk, holder, run
from workflows.services.keep_drafts import ACCEPTED_TYPES, LARGEST_FILE, stage_file

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What stands inside a packed document says which one it is; any other archive is not taken.
PACKED: Mapping[str, str] = {
    "word/document.xml": WORD,
    "xl/workbook.xml": EXCEL,
    "OFD.xml": "application/ofd",
}
STARTS: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
# An old Office file holds anything; only a Word document among them is taken.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_STREAM = "WordDocument".encode("utf-16-le")
ENCODINGS = ("utf-8-sig", "gb18030")
UNKNOWN = "application/octet-stream"


def take_in(file: FileStorage) -> dict[str, object]:
    """Stage one upload and return its token, name and size.

    Raises InvalidAnswer for a file that is too large, empty, or of a type that is not taken.
    """
    content = file.stream.read(LARGEST_FILE + 1)
    file.close()
    name = (file.filename or "file").replace("\\", "/").rpartition("/")[2]
    media_type = detect_type(content)
    who = holder()
    return run(
        "stage_file",
        lambda work: stage_file(
            work, desk(), holder=who, name=name, content=content, media_type=media_type
        ),
        # Several files may come with one form: each is an act of its own.
        once=secrets.token_hex(12),
    )


def stage_posted_files(files: Iterable[FileStorage]) -> list[str]:
    """Stage files that came along with a form, as from a browser without the page's script."""
    return [str(take_in(file)["token"]) for file in files if file.filename]


def detect_type(content: bytes) -> str:
    """Return what the content itself says it is; an executable stays unknown whatever its name."""
    for start, media_type in STARTS.items():
        if content.startswith(start):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _packed_type(content)
    if content.startswith(OLE):
        return "application/msword" if WORD_STREAM in content else UNKNOWN
    if _is_text(content):
        return "text/plain"
    return _magic(content)


def _packed_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return UNKNOWN
    # A macro in a document is a program in disguise.
    if any(name.endswith("vbaProject.bin") for name in names):
        return UNKNOWN
    return next((media_type for name, media_type in PACKED.items() if name in names), UNKNOWN)


def _is_text(content: bytes) -> bool:
    if b"\x00" in content or content.startswith((b"#!", b"<?php", b"MZ", b"\x7fELF")):
        return False
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not text.lstrip().lower().startswith(("<!doctype html", "<html", "<script", "<svg"))
    return False


def _magic(content: bytes) -> str:
    try:
        found = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return found if found in ACCEPTED_TYPES else UNKNOWN
