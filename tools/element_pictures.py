"""What stands in each picture of docs/engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.draw_elements import Picture


def row(*middle: tuple[str, str, str, str]) -> Picture:
    """Draw a start, these elements (name, form, mark, label) and an end in one row."""
    picture = Picture().add("b", "event", (0, 0))
    for column, (name, form, mark, label) in enumerate(middle, start=1):
        line = "double" if form == "event" else ""
        picture.add(name, form, (column, 0), mark=mark, label=label, line=line)
    picture.add("e", "event", (len(middle) + 1, 0), line="thick")
    return picture.flow("b", *(name for name, *_ in middle), "e")


def split(mark: str, *labels: str) -> Picture:
    """Draw a gateway, two tasks side by side, and the gateway that joins them."""
    picture = Picture().add("b", "event", (0, 0)).add("s", "gate", (1, 0), mark=mark)
    picture.add("x", "task", (2, 0), label="A").add("y", "task", (2, 1), label="B")
    picture.add("j", "gate", (3, 0), mark=mark).add("e", "event", (4, 0), line="thick")
    first, second = labels or ("", "")
    picture.flow("b", "s").flow("s", "x", label=first).flow("s", "y", label=second)
    return picture.flow("x", "j", "e").flow("y", "j")


def watched(mark: str, *, line: str = "double", form: str = "task", sign: str = "") -> Picture:
    """Draw an activity with an event on it that leads to another task."""
    picture = row(("a", form, sign, "A")).attach("on", "a", mark, line=line)
    return picture.add("t", "task", (2, 1), label="B").flow("on", "t")


def handled(mark: str, *, line: str) -> Picture:
    """Draw an event sub-process below a task."""
    picture = row(("a", "task", "", "A"))
    picture.add("s", "event", (0.2, 1), mark=mark, line=line).add("t", "task", (1.2, 1), label="B")
    picture.add("x", "event", (2.2, 1), line="thick").flow("s", "t", "x")
    return picture.frame((0, 1), (2.3, 1), "event")


def thrown_out(mark: str) -> Picture:
    """Draw a sub-process whose end throws what the event on it catches."""
    picture = Picture().add("s", "event", (0.2, 0)).add("t", "task", (1.2, 0), label="A")
    picture.add("x", "event", (2.2, 0), mark=mark, line="thick").flow("s", "t", "x")
    picture.frame((0, 0), (2.3, 0), "sub")
    picture.add("on", "event", (1.2, 0.456), mark=mark, line="double")
    return picture.add("r", "task", (2.4, 1.1), label="B").flow("on", "r")


def gateway_of_events() -> Picture:
    picture = Picture().add("b", "event", (0, 0)).add("g", "gate", (1, 0), mark="wait")
    picture.add("m", "event", (2, 0), mark="message", line="double")
    picture.add("t", "event", (2, 1), mark="timer", line="double")
    picture.add("x", "task", (3, 0), label="A").add("y", "task", (3, 1), label="B")
    return picture.flow("b", "g", "m", "x").flow("g", "t", "y")


def compensated() -> Picture:
    picture = row(("a", "task", "", "book"), ("x", "event", "compensate", ""))
    picture.attach("on", "a", "compensate").add("u", "task", (2, 1), label="cancel", mark="◁◁")
    return picture.flow("on", "u", label="undone by")


def transaction() -> Picture:
    picture = Picture().add("s", "event", (0.2, 0)).add("t", "task", (1.2, 0), label="A")
    picture.add("x", "event", (2.2, 0), mark="cancel", line="thick").flow("s", "t", "x")
    picture.frame((0, 0), (2.3, 0), "transaction")
    picture.add("on", "event", (1.2, 0.456), mark="cancel", line="double")
    return picture.add("r", "task", (2.4, 1.1), label="B").flow("on", "r")


def linked() -> Picture:
    picture = Picture().add("b", "event", (0, 0)).add("a", "task", (1, 0), label="A")
    picture.add("x", "event", (2, 0), mark="link", label="L", line="double").flow("b", "a", "x")
    picture.add("y", "event", (0, 1), mark="link", label="L", line="double")
    picture.add("t", "task", (1, 1), label="B").add("e", "event", (2, 1), line="thick")
    return picture.flow("y", "t", "e")


def flows() -> Picture:
    picture = Picture().add("b", "event", (0, 0)).add("a", "task", (1, 0), label="A")
    picture.add("x", "task", (2, 0), label="B").add("y", "task", (2, 1), label="C")
    return picture.flow("b", "a", "x").flow("a", "y")


def terminated() -> Picture:
    picture = split("and")
    picture.add("e", "event", (3, 0), mark="terminate", line="thick")
    del picture.shapes["j"]
    picture.add("z", "event", (3, 1), line="thick")
    picture.flows = [one for one in picture.flows if "j" not in one[:2]]
    return picture.flow("x", "e").flow("y", "z")


PICTURES: Final[Mapping[str, Picture]] = {
    "flows": flows(),
    "user-task": row(("a", "task", "☺", "A")),
    "service-task": row(("a", "task", "⚙", "A")),
    "business-rule-task": row(("a", "task", "▦", "A")),
    "send-task": row(("a", "task", "✉➔", "A")),
    "receive-task": row(("a", "task", "✉", "A")),
    "exclusive-gateway": split("xor", "if …", "else"),
    "parallel-gateway": split("and"),
    "inclusive-gateway": split("or", "if …", "if …"),
    "event-gateway": gateway_of_events(),
    "start-and-end": row(),
    "message": row(("m", "event", "message", "")),
    "timer": row(("m", "event", "timer", "reply@due")),
    "signal": row(("m", "event", "signal", "")),
    "error": thrown_out("error"),
    "escalation": thrown_out("escalation"),
    "link": linked(),
    "terminate": terminated(),
    "boundary-event": watched("timer", line="dashed"),
    "sub-process": row(("a", "sub", "⊞", "A")),
    "event-sub-process": handled("message", line="dashed"),
    "call-activity": row(("a", "sub", "⊞", "process")),
    "multi-instance": row(("a", "task", "|||", "A")),
    "loop": row(("a", "task", "↻", "A")),
    "compensation": compensated(),
    "transaction": transaction(),
}
