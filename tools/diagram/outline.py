"""A process as a short text, so that its logic is written and compared without a mouse.

The language is told in tools/draw_process.py; here it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "terminate": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "user": "userTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "sub": "subProcess",
    "event_sub": "subProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "wait": "eventBasedGateway",
}
EVENTS = ("message", "timer", "signal", "error", "escalation")
OWN = ("role", "form", "clock", "operation", "decision", "letter")
"""Our marks by their short names; any other is written with ``jiannuo:`` in front."""
PLAIN = ("on", "interrupting", "calls", "each", "in_turn", "until")
_ID = re.compile(r"[a-z_][a-z0-9_]*")
_SETTING = re.compile(r'(?:^|\s)((?:jiannuo:)?[a-z_]+)=("[^"]*"|\S+)')
_COMMENT = re.compile(r"\s{2,}#.*")
_LANE = re.compile(r"\s@([a-z_0-9]+)$")
_NOTE = re.compile(r"note\s+(\w+)\s+on\s+(\w+)\s*:\s*(.+)")
_ENDING = re.compile(r"(?:\s+if\s+(?P<condition>.+)|\s+(?P<default>default))$")


class OutlineError(ValueError):
    """A line of an outline that cannot be read; says which and why."""


@dataclass
class Step:
    """One box, circle or diamond, with the steps inside it when it is a sub-process."""

    id: str
    word: str
    name: str
    lane: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return the BPMN element."""
        return KINDS[self.word]


@dataclass(frozen=True)
class Arrow:
    """A flow, or a message when one of its ends is a pool."""

    source: str
    target: str
    name: str = ""
    condition: str = ""
    default: bool = False


@dataclass
class Outline:
    """A process as it was written."""

    id: str = ""
    name: str = ""
    namespace: str = ""
    pools: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, tuple[str, str]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def all_steps(self) -> dict[str, Step]:
        """Return every step by its id, those of sub-processes too."""
        found: dict[str, Step] = {}
        pending = list(self.steps)
        while pending:
            step = pending.pop(0)
            found[step.id] = step
            pending += step.steps
        return found


def read_outline(text: str) -> Outline:
    """Return the process. Raises OutlineError for a line that cannot be read."""
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            reader.read(_COMMENT.sub("", line).rstrip())
        except OutlineError as error:
            raise OutlineError(f"line {number}: {error}: {line.strip()}") from error
    reader.check()
    return reader.outline


class _Reader:
    """Keeps the lane and the open sub-processes while lines are read."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.lane = ""
        self.seen: set[str] = set()
        self.open: list[tuple[int, Step]] = []

    def read(self, line: str) -> None:
        """Take one line in."""
        text = line.strip()
        word = text.split()[0]
        if word in KINDS:
            self._step(line, word)
        elif word in ("process", "pool", "lane"):
            self._head(text, word)
        elif text.startswith("@"):
            self.lane = self._known_lane(text[1:])
        elif word == "note":
            self._note(text)
        elif "->" in text:
            self.outline.arrows += _arrows(text)
        else:
            raise OutlineError("no such kind of line")

    def check(self) -> None:
        """Refuse ends of arrows and notes that do not exist."""
        known = set(self.outline.all_steps()) | set(self.outline.pools)
        for arrow in self.outline.arrows:
            for end in (arrow.source, arrow.target):
                if end not in known:
                    raise OutlineError(f"an arrow names {end}, which is no step and no pool")
        if len(set(self.outline.arrows)) < len(self.outline.arrows):
            raise OutlineError("an arrow is written twice")
        hosts = [(note, on) for note, on, _ in self.outline.notes]
        hosts += [
            (s.id, s.settings["on"])
            for s in self.outline.all_steps().values()
            if "on" in s.settings
        ]
        for owner, on in hosts:
            if on not in known:
                raise OutlineError(f"{owner} is on {on}, which is no step")
        if not self.outline.id:
            raise OutlineError("no line says: process <id> <name>")

    def _head(self, text: str, word: str) -> None:
        name, settings = _settings(text[len(word) :])
        identity, _, name = name.partition(" ")
        if word == "process":
            self.outline.id, self.outline.name = _new(identity, self.seen), name.strip()
            self.outline.namespace = settings.pop("namespace", "")
        elif word == "pool":
            self.outline.pools[_new(identity, self.seen)] = name.strip()
        else:
            lane = identity if identity.startswith("lane_") else f"lane_{identity}"
            role = settings.pop("role", identity.removeprefix("lane_"))
            self.outline.lanes[_new(lane, self.seen)] = (name.strip(), role)
            self.lane = lane
        _refuse_unknown(settings, ())

    def _step(self, line: str, word: str) -> None:
        text = line.strip()[len(word) :]
        lane = _LANE.search(text)
        if lane:
            text = text[: lane.start()]
        name, settings = _settings(text)
        identity, _, name = name.partition(" ")
        own = tuple(key for key in settings if key.startswith("jiannuo:"))
        _refuse_unknown(settings, (*EVENTS, *OWN, *PLAIN, *own))
        if word == "boundary" and "on" not in settings:
            raise OutlineError("a boundary event says on=<step>")
        step = Step(_new(identity, self.seen), word, name.strip(), settings=settings)
        depth = len(line) - len(line.lstrip())
        while self.open and self.open[-1][0] >= depth:
            self.open.pop()
        if self.open:
            self.open[-1][1].steps.append(step)
        else:
            step.lane = self._known_lane(lane[1]) if lane else self.lane
            self.outline.steps.append(step)
        if word in ("sub", "event_sub"):
            self.open.append((depth, step))

    def _note(self, text: str) -> None:
        found = _NOTE.fullmatch(text)
        if found is None:
            raise OutlineError("a note is written: note <id> on <step>: <text>")
        self.outline.notes.append((_new(found[1], self.seen), found[2], found[3]))

    def _known_lane(self, lane: str) -> str:
        lane = lane if lane.startswith("lane_") else f"lane_{lane}"
        if lane not in self.outline.lanes:
            raise OutlineError(f"there is no {lane}")
        return lane


def _new(identity: str, seen: set[str]) -> str:
    if not _ID.fullmatch(identity):
        raise OutlineError(f"{identity!r} is no id: lower case letters, digits, underscores")
    if identity in seen:
        raise OutlineError(f"{identity} is there already")
    seen.add(identity)
    return identity


def _settings(text: str) -> tuple[str, dict[str, str]]:
    settings = {key: value.strip('"') for key, value in _SETTING.findall(text)}
    return " ".join(_SETTING.sub("", text).split()), settings


def _refuse_unknown(settings: dict[str, str], known: tuple[str, ...]) -> None:
    for key in settings:
        if key not in known:
            raise OutlineError(f"{key}= means nothing here")


def _arrows(text: str) -> list[Arrow]:
    """Return the arrows of ``a -> b -> c : name if condition``; what is said is of the last."""
    way, colon, said = text.partition(":") if _colon_first(text) else (text, "", "")
    condition, default = "", False
    found = _ENDING.search(f" {said}" if colon else way)
    if found:
        condition, default = found["condition"] or "", bool(found["default"])
        if colon:
            said = f" {said}"[: found.start()]
        else:
            way = way[: found.start()]
    ends = [end.strip() for end in way.split("->")]
    arrows = [Arrow(one, two) for one, two in zip(ends, ends[1:], strict=False)]
    last = arrows.pop()
    return [*arrows, Arrow(last.source, last.target, said.strip(), condition.strip(), default)]


def _colon_first(text: str) -> bool:
    """Return whether a colon stands before any condition, so that it begins a name."""
    colon, condition = text.find(":"), text.find(" if ")
    return colon >= 0 and (condition < 0 or colon < condition)
