"""What people in a simulated office enter and decide, drawn from the weights in decisions.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from webapp.demo.play_cases import read_answers

HERE = Path(__file__).parent
FINDING_OF = {
    "wrong_correct": "correct",
    "wrong_revoke": "revoke",
    "partly_wrong": "partly",
    "own_error": "correct",
}
ERROR_WORDS = {"wrong_items": ["金额"], "correct_values": "金额：已付清"}


class Decisions:
    """Answers every form of the process as a person would, with the shares of decisions.json."""

    def __init__(self, *, dice: Random, elsewhere_id: str) -> None:
        self._dice = dice
        self._elsewhere_id = elsewhere_id
        self._usual: Mapping[str, Any] = read_answers()
        self._drawn = json.loads((HERE / "decisions.json").read_text(encoding="utf-8"))

    def answer(
        self, form: str, *, on: date, record_id: str | None, subject: str, found: str
    ) -> dict[str, Any]:
        """Return the content of a form; ``found`` is what the verification concluded."""
        said = {**self._usual.get(form, {}), **self._draw(form)}
        if form == "propose_finding" and found in FINDING_OF:
            said |= {"finding": FINDING_OF[found], **ERROR_WORDS}
        words: dict[str, Any] = {
            "@today": on.isoformat(),
            "@record": record_id,
            "@subject": subject,
            "@elsewhere": self._elsewhere_id,
            "@file": [],
            "@items": [],
            "@items2": [],
            "@first_item": [],
        }
        return {
            name: words.get(value, value) if isinstance(value, str) else value
            for name, value in said.items()
        }

    def _draw(self, form: str) -> Mapping[str, Any]:
        rows = self._drawn.get(form)
        if not rows:
            return {}
        [row] = self._dice.choices(rows, [each["weight"] for each in rows])
        says: Mapping[str, Any] = row["says"]
        return says
