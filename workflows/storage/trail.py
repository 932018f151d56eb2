"""What every command leaves behind beside its audit entry: its events, and its answer on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.events import Command, Fact
from workflows.models import CommandRecord, Event
from workflows.storage.statements import Change, Insertion

ADD_EVENT = Insertion(Event)
ADD_RECORD = Insertion(CommandRecord)


def record_of(command: Command, result: Mapping[str, Any]) -> tuple[Change, Mapping[str, Any]]:
    """Return the record of the answer; the database refuses it when the command is a repeat."""
    row = {
        "id": command.id,
        "office_id": command.office_id,
        "name": command.name,
        "result": result,
        "done_at": command.now,
    }
    return ADD_RECORD, row


def events_of(
    command: Command, facts: Sequence[tuple[str | None, Fact]]
) -> Iterator[tuple[Change, Mapping[str, Any]]]:
    """Yield an event for each fact, in order."""
    for case_id, fact in facts:
        row = {
            "office_id": command.office_id,
            "case_id": case_id,
            "kind": fact.kind,
            "facts": fact.facts,
            "person_id": command.actor.person_id,
            "is_public": fact.is_public,
            "at": command.now,
        }
        yield ADD_EVENT, row
