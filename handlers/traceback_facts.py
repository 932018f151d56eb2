"""Put the matrix of a traceback into the words of its letters: duties, posts, roles, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from handlers.words import case_word
from notifications.letters.words import chinese_date
from workflows.services.desk import OperationContext
from workflows.services.settle_traceback import (
    DEPARTMENT,
    MATRIX,
    list_determined,
    list_parties,
)

Lines = tuple[str, ...]


def body_lines(context: OperationContext, body_id: str) -> dict[str, Lines]:
    """Return what a letter to this department says: its duties, its posts, what it is found for.

    Persons stand there by post and masked name, never by full name (E).
    """
    matrix = context.case.flags.get(MATRIX) or {}
    mine = _named(matrix, body_id)
    return {
        "duties": tuple(_duties(matrix, mine)),
        "persons": tuple(_persons(matrix, mine)),
        "roles": tuple(_roles(context, matrix, mine)),
    }


def act_words(matrix: Mapping[str, Any]) -> str:
    """Return the days of the act as a letter says them."""
    first, last = _day(matrix["acted_from"]), _day(matrix["acted_to"])
    return first if first == last else case_word("traceback.span", first=first, last=last)


def _named(matrix: Mapping[str, Any], body_id: str) -> set[str]:
    """Return the body and, where it answers for a body that has ended, that one too."""
    ended = {
        str(row["organisation_id"])
        for row in matrix.get("findings", ())
        if row["kind"] == "body_ended"
    }
    listed = {each["id"] for stage in matrix.get("stages", ()) for each in stage["departments"]}
    return {body_id} if body_id in listed else ended


def _duties(matrix: Mapping[str, Any], mine: set[str]) -> Iterator[str]:
    for stage in matrix.get("stages", ()):
        for body in stage["departments"]:
            if body["id"] not in mine:
                continue
            for row in body["duties"] or [{"duty": case_word("traceback.no_duty"), "standard": ""}]:
                standard = f"（{row['standard']}）" if row["standard"] else ""
                yield f"{stage['key']}：{row['duty']}{standard}"


def _persons(matrix: Mapping[str, Any], mine: set[str]) -> Iterator[str]:
    for stage in matrix.get("stages", ()):
        for person in stage["persons"]:
            if person["organisation_id"] in mine:
                until = person["valid_to"]
                ends = _day(until) if until else case_word("traceback.still")
                term = case_word("traceback.span", first=_day(person["valid_from"]), last=ends)
                yield f"{stage['key']}：{person['post']}{person['name']}（{term}）"


def _roles(context: OperationContext, matrix: Mapping[str, Any], mine: set[str]) -> Iterator[str]:
    parties = list_parties(matrix)
    for row in list_determined(context.case):
        party = parties[row["party"]]
        if party["organisation_id"] not in mine:
            continue
        role = case_word(f"role.{row['role']}")
        stage = party["stage"]["key"]
        if party["kind"] == DEPARTMENT:
            name = matrix["names"].get(party["organisation_id"], "")
            yield case_word("traceback.role.body", stage=stage, name=name, role=role)
        else:
            post = party["person"]["post"]
            yield case_word("traceback.role.person", stage=stage, post=post, role=role)


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))
