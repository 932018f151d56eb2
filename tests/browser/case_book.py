"""Finds in an office's database what an address needs: a case by its scene, a step, a letter.

A scene is a name of webapp/demo/scenes.json. What is not there fails with what was looked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.browser.demo_office import DemoOffice
from workflows.models import Case
from workflows.storage.databases import open_database, sessions_for
from workflows.storage.reading import read_session
from workflows.storage.vault import Vault, read_master_key

PHONE = "13843500417"


@dataclass(frozen=True)
class CaseBook:
    """The ids and codes of one office."""

    office: DemoOffice

    def case(self, scene: str) -> str:
        """Return the id of the case played in a scene."""
        return str(self._filed(scene)["case_id"])

    def number(self, scene: str) -> str:
        """Return the case's number."""
        return str(self._filed(scene)["number"])

    def query_code(self, scene: str) -> str:
        """Return the code by which the filer follows the case."""
        folder = self.office.folder
        vault = Vault(read_master_key(folder / "keys" / "master.key"))
        engine = open_database(f"sqlite:///{folder / 'jiannuo.db'}")
        with read_session(sessions_for(engine)) as session:
            case = session.get_one(Case, self.case(scene))
            code = vault.open(session, owner_id=case.id, value=case.query_code)
        engine.dispose()
        return code

    def task(self, scene: str, element: str, *, status: str = "open") -> str:
        """Return the newest task of a step."""
        return self._one(
            "SELECT id FROM task WHERE case_id = :case AND element = :element"
            " AND status = :status ORDER BY opened_at DESC",
            case=self.case(scene),
            element=element,
            status=status,
        )

    def clock(self, scene: str, name: str) -> str:
        """Return a clock of the case."""
        return self._one(
            "SELECT id FROM case_clock WHERE case_id = :case AND name = :name",
            case=self.case(scene),
            name=name,
        )

    def document(self, scene: str, kind: str, *, status: str = "") -> str:
        """Return a letter of the case."""
        return self._one(
            "SELECT id FROM document WHERE case_id = :case AND kind = :kind"
            " AND :status IN ('', status) ORDER BY id",
            case=self.case(scene),
            kind=kind,
            status=status,
        )

    def file(self, scene: str) -> str:
        """Return a paper handed in for the case."""
        return self._one(
            "SELECT id FROM stored_file WHERE case_id = :case ORDER BY id", case=self.case(scene)
        )

    def verification_code(self, scene: str, kind: str) -> str:
        """Return the code by which anyone can check the letter."""
        return self._one(
            "SELECT verification_code FROM document WHERE case_id = :case AND kind = :kind"
            " AND verification_code IS NOT NULL AND verification_code <> ''",
            case=self.case(scene),
            kind=kind,
        )

    def case_by_number(self, number: str) -> str:
        """Return the id of a case by its number."""
        return self._one("SELECT id FROM case_file WHERE number = :number", number=number)

    def record(self, case_id: str) -> str:
        """Return the id of the contested record."""
        return self._one(
            "SELECT coalesce(record_id, '') FROM case_file WHERE id = :case", case=case_id
        )

    def subject(self, case_id: str) -> str:
        """Return the name of the subject of the case."""
        return self._one(
            "SELECT subject.name FROM case_file JOIN subject ON subject.id = subject_id"
            " WHERE case_file.id = :case",
            case=case_id,
        )

    def record_items(self, case_id: str) -> list[str]:
        """Return the names of the fields of the contested record."""
        rows = self.office.ask(
            "SELECT content FROM record_version WHERE record_id = :record ORDER BY version DESC",
            record=self.record(case_id),
        )
        return [item["name"] for item in json.loads(rows[0][0]).get("items", [])] if rows else []

    def status(self, case_id: str) -> str:
        """Return whether the case is open or closed."""
        return self._one("SELECT status FROM case_file WHERE id = :case", case=case_id)

    def _filed(self, scene: str) -> dict[str, Any]:
        key = f"demo:{scene}:0"
        filed = self._one("SELECT result FROM command_record WHERE id = :key", key=key)
        told: dict[str, Any] = json.loads(filed)
        return told

    def _one(self, query: str, **values: str) -> str:
        rows = self.office.ask(query, **values)
        assert rows, f"the demo office has no row for {values}: {query}"
        return str(rows[0][0])
