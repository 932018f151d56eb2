"""Copying npm's files: all or nothing, and a word on what to type."""

import pytest

from webapp.vendoring import FILES, OPTIONAL, VendorFileMissing, copy_vendor_files


def make_packages(folder, *, without=()):
    for name in FILES:
        if name not in without:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
    return folder


class TestCopyVendorFiles:
    def test_puts_every_file_in_its_place(self, tmp_path):
        packages = make_packages(tmp_path / "node_modules")

        copy_vendor_files(packages=packages, target=tmp_path / "vendor")

        for source, destination in FILES.items():
            assert (tmp_path / "vendor" / destination).read_text() == source

    def test_leaves_nothing_of_an_older_version(self, tmp_path):
        packages = make_packages(tmp_path / "node_modules")
        (tmp_path / "vendor").mkdir()
        (tmp_path / "vendor" / "old.js").write_text("old")

        copy_vendor_files(packages=packages, target=tmp_path / "vendor")

        assert not (tmp_path / "vendor" / "old.js").exists()

    def test_refuses_before_it_touches_anything(self, tmp_path):
        packages = make_packages(tmp_path / "node_modules", without=["htmx.org/dist/htmx.min.js"])
        (tmp_path / "vendor").mkdir()
        (tmp_path / "vendor" / "old.js").write_text("old")

        with pytest.raises(VendorFileMissing, match=r"htmx\.min\.js.*npm ci"):
            copy_vendor_files(packages=packages, target=tmp_path / "vendor")

        assert (tmp_path / "vendor" / "old.js").exists()

    def test_does_without_what_only_the_tests_need(self, tmp_path):
        packages = make_packages(tmp_path / "node_modules", without=OPTIONAL)

        written = copy_vendor_files(packages=packages, target=tmp_path / "vendor")

        assert len(written) == len(FILES) - len(OPTIONAL)
