"""A day count is worth what stands behind it, so a parameter never travels without its source."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.clock.terms import Term, Unit
from workflows.errors import RuleMissing

# R143 names five kinds of subject; civil servants are natural persons with rules of their own.
SUBJECT_KINDS = (
    "government_body",
    "public_institution",
    "civil_servant",
    "enterprise",
    "social_organisation",
    "natural_person",
)


class Rank(StrEnum):
    """The authority behind a parameter, the highest first (O-12)."""

    LAW = "law"
    REGULATION = "regulation"
    LOCAL_REGULATION = "local_regulation"
    RULE = "rule"
    POLICY_DOCUMENT = "policy_document"
    OFFICE = "office"

    @property
    def order(self) -> int:
        """Return 0 for a law and more for what must give way to it."""
        return list(Rank).index(self)


class Standing(StrEnum):
    """What a term of the office itself is: promised, for inner use, or set for somebody."""

    PROMISE = "promise"
    INNER = "inner"
    SET = "set"


class Kind(StrEnum):
    """What a value is; the first three count time."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    MONTHS = "M"
    POINT = "point"
    CHOICE = "choice"
    SWITCH = "switch"
    ITEMS = "items"
    NUMBER = "number"
    ALLOWANCE = "allowance"

    @property
    def counts_time(self) -> bool:
        """Tell whether the value is a term."""
        return self in (Kind.WORKING_DAYS, Kind.CALENDAR_DAYS, Kind.MONTHS)


# The value of a choice where the text leaves the matter to a person, case by case (O-11).
MANUAL = "manual"
_STATUTORY = (Rank.LAW, Rank.REGULATION, Rank.LOCAL_REGULATION)


@dataclass(frozen=True)
class Parameter:
    """One rule in one number or word, with where it stands and whether the office confirmed it.

    ``subject_kinds`` empty = every kind. ``valid_to`` is the last day it holds. ``unread_higher``
    names texts of higher rank that nobody has read yet and that may replace it.
    """

    key: str
    value: Any
    unit: Kind
    rule_ids: tuple[str, ...]
    document: str
    clause: str
    quote: str
    rank: Rank
    valid_from: date
    valid_to: date | None
    start_event: str
    stop_event: str
    confirmed: bool
    subject_kinds: tuple[str, ...]
    jurisdiction: str
    note: str
    unread_higher: tuple[str, ...]
    name: str = ""
    name_en: str = ""
    document_title: str = ""
    standing: Standing | None = None
    choices: tuple[str, ...] = ()
    pack_id: str = ""

    @property
    def label(self) -> str:
        """Return statutory, document, promise, inner or set; only law and regulation are statutory.

        On a page: 法定, 规范性文件, 承诺时限, 内部时限, 指定期限 (E, "Whose clock").
        """
        if self.rank in _STATUTORY:
            return "statutory"
        if self.rank is Rank.OFFICE:
            return (self.standing or Standing.INNER).value
        return "document"

    @property
    def is_set_by_person(self) -> bool:
        """Tell whether the text gives no number, so that a person sets one in the case (O-11)."""
        return self.value == MANUAL or (self.unit.counts_time and self.value is None)

    @property
    def term(self) -> Term:
        """Return the value as a term; raises RuleMissing when it counts no time or has none."""
        if not self.unit.counts_time:
            raise RuleMissing("error.rule_not_a_term", parameter=self.key, pack=self.pack_id)
        if self.value is None:
            raise RuleMissing("error.rule_set_by_person", parameter=self.key, pack=self.pack_id)
        return Term(int(self.value), Unit(self.unit.value))

    @property
    def content_hash(self) -> str:
        """Return what a confirmation is tied to: a changed rule must be confirmed again."""
        content = [self.key, self.value, self.unit, self.document, self.clause, self.quote]
        content += [self.rank, list(self.subject_kinds), self.start_event, self.stop_event]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def holds_for(self, *, division: str, on: date, subject_kind: str | None) -> bool:
        """Tell whether it binds a subject of this kind, in this division, on this day."""
        is_here = division.startswith(self.jurisdiction)
        is_meant = not self.subject_kinds or subject_kind in self.subject_kinds
        return self.is_in_force(on) and is_here and is_meant

    def is_in_force(self, on: date) -> bool:
        """Tell whether it holds on this day, from its first to its last."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Paper:
    """A text that a pack cites, or that nobody has read yet; ``valid_to`` is its last day.

    Only of an unread text may the first day be unknown.
    """

    number: str
    title: str
    rank: Rank
    valid_from: date | None
    valid_to: date | None
    unread: bool
    unread_higher: tuple[str, ...]
    note: str

    def is_in_force(self, on: date) -> bool:
        """Tell whether it holds on this day, as far as its dates are known."""
        has_begun = self.valid_from is None or self.valid_from <= on
        return has_begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class RulePack:
    """A dated set of parameters for one jurisdiction ("" = the whole country, "22" = Jilin).

    Provinces announce later rules and repeal old ones, so a pack is a version (R35, R148).
    """

    id: str
    jurisdiction: str
    title: str
    version: date
    parameters: tuple[Parameter, ...]
    source: str = ""
    papers: tuple[Paper, ...] = ()

    @property
    def is_office(self) -> bool:
        """Tell whether it holds the office's own terms only, and no text of anybody else."""
        return all(parameter.rank is Rank.OFFICE for parameter in self.parameters)

    def find(self, key: str) -> tuple[Parameter, ...]:
        """Return the parameters of this key, one for each group of subject kinds."""
        return tuple(parameter for parameter in self.parameters if parameter.key == key)
