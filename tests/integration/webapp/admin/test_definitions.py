"""Definitions: what would run unsafely is refused with a remedy; what runs stays as it began."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from tests.integration.webapp.admin.agreeing import BPMN, decide, difference, newest, sent_file

OBJECTION = BPMN / "objection"


@pytest.fixture
def proposer(office):
    return office.person("lintao")


@pytest.fixture
def second(office):
    return office.person("shiyu")


def with_script_task():
    """Return the verification diagram with its first service task made a script task."""
    text = (OBJECTION / "verification.bpmn").read_text(encoding="utf-8")
    found = re.search(r'<(?:bpmn:)?serviceTask id="(\w+)"', text)
    assert found
    for tag in ("<bpmn:serviceTask", "<serviceTask", "</bpmn:serviceTask>", "</serviceTask>"):
        text = text.replace(tag, tag.replace("serviceTask", "scriptTask"), 1)
    return text, found.group(1)


def relabelled_form(words):
    content = json.loads((OBJECTION / "forms" / "formal_check.json").read_text(encoding="utf-8"))
    labelled = next(each for each in content["components"] if each.get("label"))
    labelled["label"] = words
    return json.dumps(content, ensure_ascii=False)


def propose(admin, *files, folder="", status=302):
    data = {"files": list(files), "folder": folder, "key": "objection", "place": "new"}
    return admin.post("/admin/definitions", data, status=status)


def zipped(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


class TestScriptTask:
    def test_is_refused_with_file_element_and_remedy(self, office, proposer):
        text, element = with_script_task()

        page = propose(proposer, sent_file(text, "verification.bpmn"), status=422)

        assert "verification.bpmn" in page.problems
        assert element in page.problems
        assert "用了脚本任务" in page.problems
        assert "改成服务任务" in page.problems
        assert newest(office, "bundle").status == "active"

    def test_is_refused_in_english_too(self, proposer):
        text, _ = with_script_task()
        proposer.get("/admin/definitions?lang=en")

        page = propose(proposer, sent_file(text, "verification.bpmn"), status=422)

        assert "script task" in page.problems


class TestBrokenDuty:
    def test_is_refused_when_a_reviewer_approves_as_well(self, office, proposer):
        text = (BPMN / "shared" / "finding.bpmn").read_text(encoding="utf-8")
        text = text.replace('jiannuo:role="reviewer"', 'jiannuo:role="approver"')

        page = propose(proposer, sent_file(text, "finding.bpmn"), folder="shared", status=422)

        assert "拟定、复核、法制审核、批准由不同岗位办理" in page.problems
        assert "同属岗位 approver" in page.problems
        assert newest(office, "bundle").status == "active"

    def test_shows_the_path_of_a_letter_that_nobody_signs(self, office, proposer):
        text = (BPMN / "shared" / "issue_letter.bpmn").read_text(encoding="utf-8")
        text = text.replace("sign_outcome == 'agree'", "sign_outcome == 'return'")

        page = propose(proposer, sent_file(text, "issue_letter.bpmn"), folder="shared", status=422)

        assert "文书经签发才能编号" in page.problems
        assert "sign_outcome = return" in page.problems
        assert "task_sign_letter" in page.problems
        [drawn] = page.tree.xpath("//*[@data-diagram-of]")
        standings = {
            each["element"]: each["standing"] for each in json.loads(drawn.get("data-marks"))
        }
        assert standings["number_letter"] == "now"
        assert standings["task_sign_letter"] == "was"
        [source] = page.tree.xpath(f"//textarea[@id='{drawn.get('data-diagram-of')}']")
        assert 'id="number_letter"' in source.text


class TestChangedForm:
    def test_is_used_by_new_cases_while_running_ones_stay(self, office, proposer, second):
        running = office.file()
        changed = sent_file(relabelled_form("核对身份了吗"), "formal_check.json")
        propose(proposer, changed, folder="forms")
        decide(second, newest(office, "bundle").id, "approve")
        later = office.file()
        clerk = office.person("qianyu")

        def form(case_id):
            return clerk.get(f"/tasks/{office.task(case_id, 'task_formal_check').id}").said

        assert "核对身份了吗" not in form(running)
        assert "核对身份了吗" in form(later)
        assert office.case(running).bundle_hash != office.case(later).bundle_hash

    def test_shows_which_file_changed(self, proposer, second):
        changed = sent_file(relabelled_form("核对身份了吗"), "formal_check.json")
        propose(proposer, changed, folder="forms")

        found = difference(second.get("/admin/definitions"))
        assert found == {"改动文件": "forms/formal_check.json"}

    def test_may_come_in_a_zip_of_the_whole_folder(self, office, proposer, second):
        content = zipped(**{"bpmn/objection/forms/formal_check.json": relabelled_form("新问法")})

        propose(proposer, sent_file(content, "bpmn.zip"))

        found = difference(second.get("/admin/definitions"))
        assert found == {"改动文件": "forms/formal_check.json"}

    def test_is_not_for_its_own_proposer_to_decide(self, office, proposer):
        propose(proposer, sent_file(relabelled_form("甲"), "formal_check.json"), folder="forms")

        page = decide(proposer, newest(office, "bundle").id, "approve", status=403)

        assert "提请人不能自己批准" in page.problems


class TestProcesses:
    def test_can_all_be_changed(self, proposer):
        page = proposer.get("/admin/definitions")

        offered = page.tree.xpath("//select[@name='key']/option/@value")
        assert {"objection", "credit_repair", "rectification", "ppp_traceback"} <= set(offered)


class TestFiles:
    def test_that_are_no_zip_are_refused_and_the_folder_is_kept(self, proposer):
        page = propose(proposer, sent_file(b"no zip", "all.zip"), folder="forms", status=422)

        assert "不是可以打开的 zip" in page.problems
        assert page.value("folder") == "forms"

    def test_of_another_kind_are_asked_for_again(self, proposer):
        page = propose(proposer, sent_file("x", "notes.txt"), status=422)

        assert "请选择流程图、决策表或表单文件" in page.problems

    def test_that_unfold_to_a_flood_are_refused(self, proposer):
        bomb = zipped(**{"forms/a.json": b"0" * (21 * 2**20)})

        page = propose(proposer, sent_file(bomb, "all.zip"), status=422)

        assert "解开后超过 20 MB" in page.problems

    @pytest.mark.parametrize("content", ["", "<bpmn", "<x/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"])
    def test_that_are_no_diagrams_say_what_is_wrong(self, office, proposer, content):
        page = propose(proposer, sent_file(content, "verification.bpmn"), status=422)

        assert page.problems
        assert newest(office, "bundle").status == "active"
