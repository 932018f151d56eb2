"""Somebody with a browser and no account."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.integration.webapp.factory import Office, Page
from webapp.demo.paper import sample_paper
from workflows.models import Case

SUBJECT = "通化市柳林开发区管理委员会"
CODE = "11220500MB81744944"
RECORD = "XY-220500-2026-00011"
PHONE = "13843500417"
JSON = {"Accept": "application/json"}

FILING: dict[str, Any] = {
    "body": "JLDRC",
    "command_id": "f" * 24,
    "subject_kind": "government_body",
    "subject_name": SUBJECT,
    "subject_code": CODE,
    "applicant_role": "representative",
    "applicant_name": "周航",
    "phone": PHONE,
    "record_reference": RECORD,
    "record_description": "拖欠工程款",
    "grounds": ["error"],
    "statement": "工程款已经付清，附付款凭证。",
    "request": "correct",
    "also_filed_with": "none",
    "service_preference": "electronic",
    "electronic_consent": "true",
    "truthful": "true",
}


def typed(page: Page, name: str) -> str:
    """Return what stands in a text area of the page."""
    return str(page.tree.xpath(f"//textarea[@name='{name}']")[0].text or "")


@dataclass
class Visitor:
    """A browser at the subject's door."""

    office: Office
    client: FlaskClient

    def get(self, path: str, *, status: int = 200, **more: Any) -> Page:
        """Fetch a page."""
        return self._page(self.client.get(path, **more), path, status)

    def post(self, path: str, data: Any = None, *, status: int = 303, **more: Any) -> Page:
        """Send values."""
        return self._page(self.client.post(path, data=data or {}, **more), path, status)

    def file(self, *, status: int = 303, **changes: Any) -> Page:
        """File the objection of SUBJECT with these changes; None leaves an answer out."""
        answers = {name: value for name, value in {**FILING, **changes}.items() if value}
        return self.post("/portal/file", answers, status=status)

    def filed(self, **changes: Any) -> Case:
        """File and return the case."""
        self.file(**changes)
        return self.case()

    def case(self) -> Case:
        """Return the case this browser may see."""
        with self.client.session_transaction() as session:
            case_id = session["portal_case"]
        return self.office.case(case_id)

    def code(self) -> str:
        """Return the query code as the receipt page shows it."""
        shown = self.get("/portal/receipt").tree.xpath("//*[@id='query-code']")
        return str(shown[0].text)

    def prove(self, code: str, proof: str, *, status: int = 302, where: str = "") -> Page:
        """Enter code and proof."""
        data = {"code": code, "proof": proof, "where": where}
        return self.post("/portal/enter", data, status=status)

    def upload(self, content: bytes | None = None, *, name: str = "凭证.pdf") -> TestResponse:
        """Send a file as the page's script does."""
        sent = sample_paper() if content is None else content
        data = {"file": (io.BytesIO(sent), name), "field": "evidence"}
        return self.client.post("/portal/uploads", data=data, headers=JSON)

    def paper(self) -> str:
        """Send a good paper and return its token."""
        return str(self.upload().get_json()["token"])

    def another(self) -> Visitor:
        """Return another browser."""
        return Visitor(self.office, self.office.app.test_client())

    def _page(self, answer: TestResponse, path: str, status: int) -> Page:
        page = Page(answer)
        assert answer.status_code == status, f"{path}: {answer.status_code} {page.problems}"
        return page


def with_files(answers: dict[str, Any], *files: tuple[str, bytes, str]) -> MultiDict[str, Any]:
    """Return a form as a browser without the page's script sends it, files and all."""
    data: MultiDict[str, Any] = MultiDict()
    for name, value in answers.items():
        for each in value if isinstance(value, list) else [value]:
            data.add(name, each)
    for name, content, file_name in files:
        data.add(f"{name}.file", (io.BytesIO(content), file_name))
    return data


def links(page: Page, *, holding: str) -> list[str]:
    """Return the addresses of the page's links that hold these words."""
    return [
        str(each.get("href"))
        for each in page.tree.xpath("//a[@href]")
        if holding in re.sub(r"\s+", " ", each.text_content())
    ]
