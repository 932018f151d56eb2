"""What a step of a case is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """Begin at a start event of the main process."""

    node: int


@dataclass(frozen=True, slots=True)
class Complete:
    """A person has done a step."""

    token: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message came; ``item`` tells several receivers apart."""

    name: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal came."""

    name: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer has fired."""

    wait: str


@dataclass(frozen=True, slots=True)
class Retry:
    """A failed token is to try again."""

    token: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An operation that was asked for has been carried out."""

    token: int


@dataclass(frozen=True, slots=True)
class Failure:
    """An operation that was asked for went wrong."""

    token: int
    cause: BaseException


@dataclass(frozen=True, slots=True)
class Raised:
    """An operation that was asked for ended in an error that the diagram may catch."""

    token: int
    code: str
    cause: BaseException


@dataclass(frozen=True, slots=True)
class MoveTo:
    """A token is to stand on another element."""

    token: int
    node: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """A token is to be taken away with all that runs inside; 0 takes the whole case."""

    token: int


Input = (
    Start
    | Complete
    | Message
    | Signal
    | Timer
    | Retry
    | Answer
    | Failure
    | Raised
    | MoveTo
    | Cancel
)
