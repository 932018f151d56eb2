"""Tidy up the picture of a process: compute every place and arrow anew, leave the logic alone.

    python -m tools.lay_out FILE.bpmn ...

The part of the file before the picture stays as it is, to the byte. Pools of others stand above
and below in turn, lanes below each other, columns follow the longest way from the start.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools.diagram.figure import FigureError, read_figure
from tools.diagram.picture import lay_out, picture_of
from workflows.engine.markup import read_markup
from workflows.errors import DiagramError

_PICTURE = re.compile(r"\s*<bpmndi:BPMNDiagram\b.*</bpmndi:BPMNDiagram>\s*", re.DOTALL)


def laid_out(markup: str, *, file: str = "") -> str:
    """Return the file with a new picture. Raises FigureError for what cannot be laid out."""
    figure = read_figure(read_markup(markup.encode(), file=file))
    lay_out(figure)
    body, end, _ = _PICTURE.sub("\n", markup).rpartition("</bpmn:definitions>")
    if not end:
        raise FigureError("the file does not end with </bpmn:definitions>")
    picture = "\n".join(picture_of(figure))
    return f"{body.rstrip()}\n{picture}\n{end}\n"


def main(paths: list[str]) -> int:
    """Lay out each file where it is."""
    for name in paths:
        path = Path(name)
        try:
            path.write_text(
                laid_out(path.read_text(encoding="utf-8"), file=path.name), encoding="utf-8"
            )
        except (FigureError, DiagramError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
