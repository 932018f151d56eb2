"""Puts into the common diagram what the standard leaves to each engine: expressions and calls."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DIAGRAM = Path(__file__).parent / "process.bpmn"
PLACE = re.compile(r"@([A-Z]+)(?::(\w+))?@")


@dataclass(frozen=True)
class Dialect:
    """How one engine writes it; ``{}`` stands for the name of the variable or service."""

    namespace: str
    service: str
    user: str
    variable: str
    process: str = ""
    timer: str = '<timeDuration xsi:type="tFormalExpression">P5D</timeDuration>'

    def fill(self, diagram: str) -> str:
        """Return the diagram as this engine reads it."""
        words = {
            "NAMESPACE": self.namespace,
            "SERVICE": self.service,
            "USER": self.user,
            "VARIABLE": self.variable,
            "PROCESS": self.process,
            "TIMER": self.timer,
        }
        return PLACE.sub(lambda place: words[place[1]].replace("{}", place[2] or ""), diagram)


SETS_ONE_VARIABLE = 'vendor:expression="${true}" vendor:resultVariable="{}_done"'

FLOWABLE = Dialect(
    namespace="http://flowable.org/bpmn",
    service=SETS_ONE_VARIABLE,
    user='vendor:candidateGroups="officers"',
    variable="${{}}",
)
OPERATON = Dialect(
    namespace="http://operaton.org/schema/1.0/bpmn",
    service=SETS_ONE_VARIABLE,
    user='vendor:candidateGroups="officers"',
    variable="${{}}",
    # It refuses a process that does not say how long its history is kept.
    process='vendor:historyTimeToLive="P180D"',
)
BPMN_ENGINE = Dialect(
    namespace="urn:jiannuo:unused",
    service='implementation="${environment.services.step}"',
    user="",
    variable="${environment.variables.{}}",
)
JIANNUO = Dialect(
    namespace="urn:jiannuo:bpmn:1",
    service='vendor:operation="{}"',
    user='vendor:form="step" vendor:clock="reply"',
    variable="{}",
    timer='<timeDate xsi:type="tFormalExpression">reply@day5</timeDate>',
)
