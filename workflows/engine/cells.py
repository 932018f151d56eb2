"""A cell of a decision table is half an expression; here it becomes a whole one.

The library glues the column and the cell together as text, so that ``origin`` and ``in [...]``
become ``originin``.
"""

from __future__ import annotations

import ast
import re

from workflows.engine.expressions import compile_expression

ANYTHING = "-"
_OPERATOR = re.compile(r"(<=|>=|==|!=|<|>|in\b|not\s+in\b|is\b)")
_QUESTION_OUTSIDE_QUOTES = re.compile(r"""\?(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")


def cell_expression(*, column: str, cell: str | None) -> str | None:
    """Return the condition that a cell lays on its column, None when it lays none.

    A cell is a value (``'本级'``), several values (``'市', '县'``), the second half of a
    comparison (``> 5``, ``in ['市', '县']``), or a comparison with ``?`` in place of the column
    (``1 < ? < 5``).
    Raises DiagramError when it is none of these.
    """
    text = (cell or "").strip()
    if text in ("", ANYTHING):
        return None
    value = f"({column.strip()})"
    if _QUESTION_OUTSIDE_QUOTES.search(text):
        whole = _QUESTION_OUTSIDE_QUOTES.sub(lambda _: value, text)
    elif _OPERATOR.match(text):
        whole = f"{value} {text}"
    elif isinstance(compile_expression(text), ast.Tuple):
        whole = f"{value} in ({text})"
    else:
        whole = f"{value} == ({text})"
    compile_expression(whole)
    return whole
