"""What each engine runs rightly: the check accepts exactly this and refuses the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflows.engine.blueprint import FLOW_NODES


@dataclass(frozen=True)
class Support:
    """The kinds of element and event that an engine runs, and whether it takes modellers' habits.

    ``is_wide`` engines follow flows without an id, let a path end without an end event, let several
    flows leave a task, and repeat activities in every way that a marker can say.
    """

    engine: str
    kinds: frozenset[str]
    events: Mapping[str, frozenset[str]]
    is_wide: bool = False


def _events(**kinds: str) -> Mapping[str, frozenset[str]]:
    return {
        kind: frozenset(f"{name}EventDefinition" for name in names.split())
        for kind, names in kinds.items()
    }


SPIFF: Final = Support(
    engine="spiff",
    kinds=FLOW_NODES - {"inclusiveGateway", "transaction", "receiveTask", "sendTask"},
    events=_events(
        startEvent="message",
        endEvent="message terminate",
        boundaryEvent="message timer",
        intermediateCatchEvent="message timer",
        intermediateThrowEvent="message",
    ),
)
TOKEN: Final = Support(
    engine="token",
    kinds=FLOW_NODES,
    events=_events(
        startEvent="message timer signal error escalation",
        endEvent="message signal error escalation compensate cancel terminate",
        boundaryEvent="message timer signal error escalation compensate cancel",
        intermediateCatchEvent="message timer signal link",
        intermediateThrowEvent="message signal escalation compensate link",
    ),
    is_wide=True,
)
SUPPORTS: Final[Mapping[str, Support]] = {one.engine: one for one in (SPIFF, TOKEN)}
