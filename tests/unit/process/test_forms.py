"""Holds forms and gateways to each other: what is asked, what is said, what is decided."""

from __future__ import annotations

import re

import pytest

from tests.unit.process.drawings import (
    choices,
    components,
    declaration,
    diagrams,
    english,
    forms,
    plan,
    tasks,
)
from webapp.forms.checks import CHECKS
from webapp.forms.definition import parse_form
from workflows.engine.markup import find_all

COMPARISON = re.compile(r"(\w+)\s*(?:==|!=)\s*'([^']*)'")
# What no form asks: an operation or a decision table sets it (and which values it may take).
SET_BY_OPERATIONS = {
    "outcome": {"decided", "not_accepted", "transferred", "given_up"},
    "supplement_silence": {"continue", "given_up"},
}
FLAGS = {"withdrawn", "finding_is_shared", "error_found", "disagree", "letter_needs_legal"}
SERVICE_CHECKS = {
    "supplement_once",
    "not_competent_body",
    "electronic_consent",
    "reason_when_backdated",
    "evidence_when_backdated",
}
NAMES = sorted(forms())


def conditions() -> list[str]:
    return [
        "".join(node.itertext()).strip()
        for root in diagrams().values()
        for node in find_all(root, "conditionExpression")
    ]


def forms_that_set(variable: str) -> list[str]:
    return [name for name in forms() if choices(name, variable)]


class TestGateways:
    @pytest.mark.parametrize("condition", sorted(set(conditions())))
    def test_ask_for_values_that_can_come(self, condition):
        for variable, value in COMPARISON.findall(condition):
            possible = SET_BY_OPERATIONS.get(variable) or {
                choice for form in forms_that_set(variable) for choice in choices(form, variable)
            }
            assert value in possible, f"{condition}: no form offers {variable} = {value!r}"

    def test_read_only_variables_that_somebody_sets(self):
        words = {
            word
            for condition in conditions()
            for word in re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", condition))
        } - {"and", "or", "not"}

        unset = {w for w in words - FLAGS - SET_BY_OPERATIONS.keys() if not forms_that_set(w)}

        assert unset == set()


class TestTasks:
    def test_have_each_a_form_and_each_form_is_used(self):
        asked = set(tasks().values())
        entries = [*declaration()["messages"].values(), *declaration()["case_forms"].values()]
        opened = {entry["form"] for entry in entries if "form" in entry}

        elsewhere = {e.form for e in plan().elements.values() if e.kind == "userTask"} - asked
        used = asked | opened | set(declaration()["start_forms"].values())
        assert used == forms().keys() - elsewhere

    def test_ask_for_an_outcome_right_before_the_gateway_that_reads_it(self):
        for root in diagrams().values():
            flows = find_all(root, "sequenceFlow")
            target = {flow.get("sourceRef"): flow.get("targetRef") for flow in flows}
            for task in find_all(root, "userTask"):
                after = target[task.get("id")]
                form = plan().element(task.get("id", "")).form or ""
                read = {
                    name
                    for flow in flows
                    if flow.get("sourceRef") == after
                    for name, _ in COMPARISON.findall("".join(flow.itertext()))
                } - {"formal_outcome"}
                assert all(choices(form, name) for name in read), f"{task.get('id')}: {read}"


@pytest.mark.parametrize("name", NAMES)
class TestForm:
    def test_can_be_read_by_the_pages(self, name):
        definition = parse_form(forms()[name], source=f"{name}.json", texts=english())

        assert definition.id == name
        assert definition.fields

    def test_is_form_js(self, name):
        form = forms()[name]

        assert form["type"] == "default"
        assert isinstance(form["schemaVersion"], int)
        ids = [component["id"] for component in components(form)]
        assert len(ids) == len(set(ids))

    def test_asks_only_for_checks_that_exist(self, name):
        for component in components(forms()[name]):
            properties = component.get("properties", {})
            named = str(properties.get("check", "")).partition(":")[0]
            assert not named or named in CHECKS, f"{component['key']}: {named}"
            service = str(properties.get("service_check", "")).partition(":")[0]
            assert not service or service in SERVICE_CHECKS, f"{component['key']}: {service}"

    def test_compares_only_with_questions_of_its_own(self, name):
        keys = {component["key"] for component in components(forms()[name])}

        for component in components(forms()[name]):
            for condition in [component.get("conditional", {}).get("hide", "")]:
                asked = set(re.findall(r"(\w+) !?= \"", condition))
                assert asked <= keys, f"{component['key']}: {asked - keys}"
            for kind in ("check", "service_check"):
                other = str(component.get("properties", {}).get(kind, "")).partition(":")[2]
                assert not other or other in keys, f"{component['key']}: {other}"

    def test_hides_by_answers_that_can_be_given(self, name):
        offered = {
            component["key"]: {choice["value"] for choice in component.get("values", [])}
            for component in components(forms()[name])
        }
        for component in components(forms()[name]):
            condition = component.get("conditional", {}).get("hide", "")
            for key, value in re.findall(r"(\w+) !?= \"([^\"]*)\"", condition):
                assert value in offered[key], f"{component['key']}: {key} is never {value!r}"

    def test_is_english_too(self, name):
        missing = [
            key
            for component in components(forms()[name])
            for key in words_of(name, component)
            if key not in english()
        ]

        assert f"{name}.title" in english()
        assert missing == []

    def test_says_what_happens_after_it_is_sent(self, name):
        last = [each for each in forms()[name]["components"] if each["type"] != "button"][-1]

        assert last["key"] == "after_submit"
        assert last["text"].startswith("提交后：")

    def test_asks_for_a_reason_when_something_is_returned_or_refused(self, name):
        for component in components(forms()[name]):
            refusals = {c["value"] for c in component.get("values", [])} & {
                "return",
                "refused",
                "reject",
            }
            for refusal in refusals:
                condition = f'={component["key"]} != "{refusal}"'
                reasons = [
                    other
                    for other in components(forms()[name])
                    if other.get("conditional", {}).get("hide") == condition
                    and other["type"] == "textarea"
                    and other.get("validate", {}).get("required")
                ]
                assert reasons, f"{component['key']}: {refusal} needs no reason"

    def test_protects_what_identifies_a_person(self, name):
        personal = re.compile(r"(phone|email|id_number|applicant_name|postal_address|witnesses)$")

        for component in components(forms()[name]):
            if personal.search(component["key"]):
                assert component["properties"]["protected"] == "true", component["key"]

    def test_never_puts_protected_words_into_a_variable(self, name):
        for component in components(forms()[name]):
            properties = component.get("properties", {})
            assert not (properties.get("protected") and properties.get("variable"))


def words_of(form: str, component: dict) -> list[str]:
    """Return the keys of every word of a component that a person reads."""
    key = f"{form}.{component['key']}"
    parts = {"label": "label", "description": "help", "text": "text"}
    found = [f"{key}.{word}" for field, word in parts.items() if component.get(field)]
    return found + [f"{key}.option.{choice['value']}" for choice in component.get("values", [])]


class TestFilingForms:
    @pytest.mark.parametrize("name", ["filing_portal", "filing_window"])
    def test_never_refuse_for_a_doubtful_code_or_number(self, name):
        doubted = {"uscc", "id_number", "phone", "email"}
        asked = [
            component
            for component in components(forms()[name])
            if component.get("properties", {}).get("check") in doubted
        ]

        assert asked
        assert all(component["properties"]["doubt"] == "true" for component in asked)

    def test_offer_no_number_as_required_that_a_subject_may_not_have(self):
        required = {
            component["key"]
            for component in components(forms()["filing_portal"])
            if component.get("validate", {}).get("required")
        }

        assert not required & {"subject_code", "subject_id_number", "record_reference", "evidence"}


class TestDepartmentForms:
    @pytest.mark.parametrize("name", ["verify", "correct_record", "confirm_lifting"])
    def test_take_a_stamped_paper_instead_of_a_log_in(self, name):
        keys = {component["key"] for component in components(forms()[name])}

        assert keys >= {
            "answered_by",
            "incoming_number",
            "document_date",
            "arrived_on",
            "incoming_scan",
        }

    def test_offer_five_conclusions(self):
        conclusion = next(c for c in components(forms()["verify"]) if c["key"] == "conclusion")

        assert len(conclusion["values"]) == 5


class TestApprovalForms:
    APPROVALS = ("approve_rejection", "approve_finding", "sign_letter", "approve_base_change")

    @pytest.mark.parametrize("name", APPROVALS)
    @pytest.mark.parametrize("words", ["已阅", "已阅。", "圈阅", " 阅 "])
    def test_do_not_take_read_for_agreed(self, name, words):
        approval = next(c for c in components(forms()[name]) if c["key"] == "approval_words")

        assert not re.fullmatch(approval["validate"]["pattern"], words)

    @pytest.mark.parametrize("name", APPROVALS)
    @pytest.mark.parametrize("words", ["同意", "已阅，同意。", "请按程序办理，同意制发"])
    def test_take_words_that_agree(self, name, words):
        approval = next(c for c in components(forms()[name]) if c["key"] == "approval_words")

        assert re.fullmatch(approval["validate"]["pattern"], words)

    def test_keep_apart_what_is_returned_and_what_is_rejected(self):
        said = " ".join(
            choice["label"]
            for form in forms().values()
            for component in components(form)
            for choice in component.get("values", [])
        )

        assert "退回修改" in said
        assert "驳回" not in said
