"""Plan an office of a size: bodies, people and posts, in the shape that a demo office has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from stdnum.cn import uscc

HERE = Path(__file__).parent
SIZES: Mapping[str, Any] = json.loads((HERE / "sizes.json").read_text(encoding="utf-8"))
DIVISION = "220000"
# GB 32100 without its check character: the letters and digits of the body's own number.
BODY_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def plan_office(size: str, *, seed: int, number: int) -> dict[str, Any]:
    """Return the office's data; the same size, seed and number give the same office."""
    dice = Random(f"{seed}:{number}:office")
    wanted = SIZES[size]
    lead = _body("LEAD", "模拟牵头机关", "lead", dice)
    platform = _body("PLAT", "模拟省级信用信息平台", "platform", dice)
    elsewhere = _body("ELSE", "模拟外地机关", "other", dice)
    departments = [
        _body(f"D{index:03d}", f"模拟认定部门{index:03d}", "recognition", dice)
        for index in range(1, wanted["departments"] + 1)
    ]
    return {
        "office": {
            "code": f"sim-{number}",
            "name": f"模拟机关{number}",
            "name_en": f"Simulated office {number}",
            "division_code": DIVISION,
            "letter_series": {"LEAD": "模信用"},
            "contact": {},
        },
        "organisations": [lead, platform, elsewhere, *departments],
        "people": [
            *_people("LEAD", wanted["lead_posts"]),
            *_people("LEAD", dict.fromkeys(ADMINISTRATORS, 1)),
            *(
                person
                for body in departments
                for person in _people(
                    body["code"], {"department_officer": wanted["officers_per_department"]}
                )
            ),
        ],
        "subjects": [],
        "records": [],
    }


def credit_code(dice: Random, *, prefix: str) -> str:
    """Return a valid unified social credit code with this registration prefix (GB 32100)."""
    body = "".join(dice.choices(BODY_ALPHABET, k=9))
    number = f"{prefix}{DIVISION}{body}"
    return number + str(uscc.calc_check_digit(number))


def _body(code: str, name: str, kind: str, dice: Random) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "name_en": f"Simulated body {code}",
        "kind": kind,
        "division_code": DIVISION,
        "credit_code": credit_code(dice, prefix="11"),
    }


def _people(body: str, posts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for role, count in posts.items():
        for index in range(1, count + 1):
            username = f"{body}-{role}-{index}".lower()
            yield {
                "username": username,
                "name": f"模拟{username}",
                "name_en": username,
                "posts": [{"organisation": body, "role": role}],
            }
