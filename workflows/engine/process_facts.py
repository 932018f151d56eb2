"""What a process says of itself beside its diagrams: name, number, ways in, events, stages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.bundle import Bundle
from workflows.engine.recent import RecentlyUsed
from workflows.errors import DiagramError

FILE = "process.json"
FORMS = ("forms/", "shared/forms/")


@dataclass(frozen=True)
class OutsideEvent:
    """Something that happens outside the steps: the message it delivers, the form, who enters it.

    ``label`` is what the page calls it, by language; empty for one that nobody enters by hand.
    """

    name: str
    message: str
    form: str = ""
    by: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ProcessFacts:
    """What ``process.json`` declares.

    The ways in are data: a channel more is a line more (R36).

    ``periodic`` names the rule that says how often it begins, ``filer`` what who files it is when
    neither the subject nor its agent: a reporter (R150). ``imports`` says how an open case comes
    over from elsewhere: its ``channel``, the question that ``statement`` answers, and whether it
    ``needs_record``; without it none does.
    """

    key: str
    title: Mapping[str, str] = field(hash=False)
    number_prefix: str
    start_events: Mapping[str, str] = field(hash=False)
    start_forms: Mapping[str, str] = field(hash=False)
    stages: tuple[Mapping[str, Any], ...] = field(hash=False)
    events: Mapping[str, OutsideEvent] = field(hash=False)
    periodic: str = ""
    filer: str = ""
    imports: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def start_event(self, channel: str) -> str:
        """Return where a case begins that came in this way. Raises DiagramError for another way."""
        if channel not in self.start_events:
            raise DiagramError("error.engine.no_such_way_in", process=self.key, channel=channel)
        return self.start_events[channel]

    def filing_form(self, channel: str) -> str:
        """Return the form that is filled in by who files this way, or an empty text."""
        return self.start_forms.get(self.start_events.get(channel, ""), "")


_FACTS: RecentlyUsed[ProcessFacts] = RecentlyUsed(limit=64)


def process_facts(bundle: Bundle) -> ProcessFacts:
    """Return what the bundle declares of its process, read once."""
    return _FACTS.get(key=bundle.hash, make=lambda: _read(bundle))


def find_form(bundle: Bundle, name: str) -> bytes | None:
    """Return the form of that name, the process's own before a shared one, or None."""
    files = (f"{folder}{name}.json" for folder in FORMS)
    return next((bundle.files[file] for file in files if file in bundle.files), None)


def get_form(bundle: Bundle, name: str) -> bytes:
    """Return the form of that name. Raises DiagramError when the bundle has none."""
    found = find_form(bundle, name)
    if found is None:
        raise DiagramError("error.form_not_found", form=name)
    return found


def _read(bundle: Bundle) -> ProcessFacts:
    declared = json.loads(bundle.files.get(FILE, b"{}"))
    return ProcessFacts(
        key=bundle.key,
        title=declared.get("title", {}),
        number_prefix=str(declared.get("case_number_prefix", "")),
        start_events=declared.get("start_events", {}),
        start_forms=declared.get("start_forms", {}),
        stages=tuple(declared.get("stages", ())),
        filer=str(declared.get("filer", "")),
        imports=declared.get("imports", {}),
        periodic=str(declared.get("periodic", {}).get("rule", "")),
        events={name: _event(name, each) for name, each in declared.get("messages", {}).items()},
    )


def _event(name: str, declared: Mapping[str, Any]) -> OutsideEvent:
    return OutsideEvent(
        name=name,
        message=str(declared["message"]),
        form=str(declared.get("form", "")),
        by=tuple(declared.get("by", ())),
        label=declared.get("label", {}),
    )
