"""Copies the pinned files of npm's packages to where Flask and the letters read them.

Run as ``python -m webapp.vendoring`` after ``npm ci --ignore-scripts``. What it copies is ignored
by git; a built wheel carries it, so an installed product needs no Node.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"

# Where a file lies below node_modules -> where it lands below webapp/static/vendor.
FILES: Mapping[str, str] = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-js/viewer.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "bpmn-js/assets/diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js/assets/bpmn-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn-js/assets/bpmn-font/css/bpmn.css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn-js/assets/bpmn-font/font/bpmn.woff2",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff": "bpmn-js/assets/bpmn-font/font/bpmn.woff",
    "bpmn-js/LICENSE": "bpmn-js/LICENSE",
    "axe-core/axe.min.js": "axe-core/axe.min.js",
    "axe-core/LICENSE": "axe-core/LICENSE",
    "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf": (
        "fonts/NotoSerifSC-Regular.ttf"
    ),
    "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf": (
        "fonts/NotoSerifSC-Bold.ttf"
    ),
    "@expo-google-fonts/noto-serif-sc/LICENSE_FONT": "fonts/LICENSE",
}
# Only the tests need these; an installation without development packages leaves them out.
OPTIONAL = frozenset({"axe-core/axe.min.js", "axe-core/LICENSE"})


class VendorFileMissing(Exception):
    """A package lacks a file that the pages or letters need."""


def copy_vendor_files(*, packages: Path, target: Path) -> list[Path]:
    """Replace ``target`` by the files of ``FILES`` and return what was written.

    Raises VendorFileMissing before anything is touched when a file is not there.
    """
    wanted = [name for name in FILES if name not in OPTIONAL or (packages / name).is_file()]
    missing = [name for name in wanted if not (packages / name).is_file()]
    if missing:
        raise VendorFileMissing(
            f"{packages} lacks {', '.join(missing)}. Run: npm ci --ignore-scripts"
        )
    shutil.rmtree(target, ignore_errors=True)
    return [_copy(packages / name, target / FILES[name]) for name in wanted]


def _copy(source: Path, destination: Path) -> Path:
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, destination)
    return destination


def main() -> int:
    """Copy the files and say how many, or say what to type."""
    try:
        written = copy_vendor_files(packages=PACKAGES, target=VENDOR)
    except VendorFileMissing as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{len(written)} files in {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
