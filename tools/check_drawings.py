"""Check drawings of other tools, one by one, as an upload would be checked.

    python -m tools.check_drawings FOLDER

Each file stands alone, its first process is the main one. Prints whether it would be accepted, or
every element that speaks against it, and why. Ends with 1 when a file is refused without a name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from handlers.registry import operations
from workflows.engine.bundle import Bundle
from workflows.engine.check import check_bundle
from workflows.engine.findings import Finding
from workflows.engine.markup import find_all, read_markup
from workflows.errors import DiagramError
from workflows.services.agree_rules import ROLES

TEXTS = Path(__file__).parents[1] / "webapp" / "texts" / "engine.en.json"


def as_bundle(path: Path) -> Bundle:
    """Return the file as a definition of its own."""
    content = path.read_bytes()
    try:
        processes = find_all(read_markup(content, file=path.name), "process")
    except DiagramError:
        processes = []
    main = processes[0].get("id", "") if processes else path.stem
    return Bundle(key=main, main_process=main, files={path.name: content})


def findings_of(path: Path) -> list[Finding]:
    """Return everything that speaks against running the file."""
    return check_bundle(as_bundle(path), operations=set(operations()), roles=set(ROLES))


def report(path: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield what to print about a file."""
    findings = findings_of(path)
    yield f"{path.name}: {'accepted' if not findings else f'refused, {len(findings)} reasons'}"
    for one in findings:
        said = texts[one.problem].format(**one.facts)
        yield f"  {one.element or one.file} {one.label!r}: {said}. {texts[one.remedy]}"


def main(folder: str) -> int:
    """Check every drawing below the folder."""
    texts = json.loads(TEXTS.read_text(encoding="utf-8"))
    nameless = 0
    for path in sorted(Path(folder).rglob("*.bpmn")):
        print("\n".join(report(path, texts)))
        nameless += any(not (one.element or one.file) for one in findings_of(path))
    return 1 if nameless else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
