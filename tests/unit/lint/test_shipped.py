"""What we ship keeps every duty; what breaks one is shown on a path that the engine goes."""

from __future__ import annotations

import json
import re

import pytest

from handlers.registry import declarations
from tests.contracts.sources import ROOT
from tests.unit.lint.linting import Drawn, is_path_of_engine, passed
from workflows.clock.calendar import load_shipped_calendar
from workflows.engine.bundle import Bundle, read_bundle
from workflows.lint.agreed import Agreed, shipped_letters
from workflows.lint.prove import prove
from workflows.rules.packs import read_rule_book

BPMN = ROOT / "bpmn"
SHIPPED = sorted(path.stem for path in BPMN.glob("*/*.bpmn") if path.stem == path.parent.name)


def bundle(key="objection"):
    return read_bundle(BPMN, key=key)


def lint(one):
    agreed = Agreed(shipped_letters(), read_rule_book())
    return prove(one, declared=declarations(), agreed=agreed, calendar=load_shipped_calendar())


def spoilt(file, old, new, *, duty=None):
    """Return the objection process with a text in one of its files replaced.

    With ``duty`` it has no other one to prove.
    """
    files = dict(bundle().files)
    text = files[file].decode()
    assert old in text
    files[file] = text.replace(old, new).encode()
    if duty:
        for name in ("duties.json", "shared/duties.json"):
            content = json.loads(files[name])
            content["duties"] = [one for one in content["duties"] if one["id"] == duty]
            files[name] = json.dumps(content | {"terms": []}).encode()
    return Bundle("objection", "objection", files)


def duties(proof):
    return {one.facts.get("duty") for one in proof.findings}


class TestShippedProcesses:
    # `jiannuo lint` proves the same in every `make check` and `make test`.
    @pytest.mark.long
    @pytest.mark.parametrize("key", SHIPPED)
    def test_keep_every_duty(self, key):
        proof = lint(bundle(key))

        assert not [(one.name, one.element, one.facts) for one in proof.findings]
        assert proof.duties and proof.states

    @pytest.mark.parametrize("key", SHIPPED)
    def test_tell_each_duty_in_both_languages_with_a_rule(self, key):
        content = json.loads(bundle(key).files["duties.json"])
        shared = json.loads(bundle(key).files["shared/duties.json"])

        for duty in [*content["duties"], *content["terms"], *shared["duties"]]:
            assert re.search(r"[一-鿿]", duty["zh"]), duty["id"]
            assert re.search(r"[a-z]", duty["en"]), duty["id"]
            assert all(re.fullmatch(r"[RNO]-?\d+|E", rule) for rule in duty["rules"]), duty["id"]
        for excused in [*content["duties"], *content["terms"]]:
            assert all(each["zh"] and each["en"] for each in excused.get("accepted", ()))


# What is changed in the objection process, and the duty that is broken then.
BROKEN = {
    "reply goes round its letter": (
        "objection.bpmn",
        '">not withdrawn<',
        '">withdrawn<',
        "finding_is_answered_in_writing",
    ),
    "correction of what is upheld": (
        "objection.bpmn",
        "finding != 'uphold' and not finding_is_shared",
        "finding == 'uphold'",
        "error_is_corrected",
    ),
    "first branch of a correction ends it": (
        "correction.bpmn",
        "<bpmn:incoming>flow_join_correction_to_end_correction_done</bpmn:incoming>",
        "<bpmn:incoming>flow_join_correction_to_end_correction_done</bpmn:incoming>"
        '<bpmn:terminateEventDefinition id="all"/>',
        None,
    ),
    "own error and withdrawn": (
        "objection.bpmn",
        '">error_found<',
        '">not error_found<',
        "error_survives_withdrawal",
    ),
    "returned letter is signed": (
        "shared/issue_letter.bpmn",
        "sign_outcome == 'agree'",
        "sign_outcome == 'return'",
        "letter_is_signed",
    ),
    "silence ends a case": (
        "handling.bpmn",
        "supplement_silence == 'given_up'",
        "supplement_silence == 'continue'",
        "no_end_by_silence",
    ),
}


@pytest.mark.thorough
class TestBrokenProcess:
    @pytest.mark.parametrize("name", [name for name, each in BROKEN.items() if each[3]])
    def test_is_caught_on_a_path_that_the_engine_goes(self, name):
        file, old, new, duty = BROKEN[name]
        broken = spoilt(file, old, new, duty=duty)

        proof = lint(broken)

        [found] = [one for one in proof.findings if one.facts.get("duty") == duty]
        assert found.path[0].kind == "start"
        assert set(found.elements) == set(passed(found))
        assert is_path_of_engine(Drawn(broken, declarations()), found.path)

    def test_changes_nothing_where_all_branches_are_awaited_anyway(self):
        assert not lint(spoilt(*BROKEN["first branch of a correction ends it"][:3])).findings

    def test_is_caught_when_a_late_change_of_the_base_overwrites_the_finding(self):
        form = "forms/approve_base_change.json"

        broken = spoilt(form, '"base_finding"', '"finding"', duty="end_corrected_is_true")

        assert "end_corrected_is_true" in duties(lint(broken))


@pytest.mark.thorough
class TestInnerTerms:
    def test_that_do_not_fit_into_the_reply_are_shown_with_the_day(self):
        text = (BPMN / "rules" / "office.json").read_text("utf-8")
        at = text.index('"obj.verification.limit"')
        longer = text[:at] + text[at:].replace('"value": 8', '"value": 12', 1)

        found = only_late(longer)

        assert "12 WD" in found.facts["sum"]
        assert str(found.facts["start_on"]) == "2018-01-01"
        assert "task_verify" in passed(found)


def only_late(office):
    from workflows.rules.packs import RuleBook, read_pack

    files = [path for path in (BPMN / "rules").glob("*.json") if path.stem != "required"]
    packs = [read_pack(path.read_bytes(), source=path.name) for path in files]
    book = RuleBook(packs).with_pack(read_pack(office.encode(), source="office.json"))
    proof = prove(
        bundle(),
        declared=declarations(),
        agreed=Agreed(shipped_letters(), book),
        calendar=load_shipped_calendar(),
    )
    late = [one for one in proof.findings if one.name == "term.late"]
    found, *_ = [one for one in late if "220000" in str(one.facts["division"])]
    return found
