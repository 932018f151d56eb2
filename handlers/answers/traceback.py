"""What the forms of a traceback do at once, so that a refusal shows on the form (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.case_facts import answer_of, day_of, find_parameter, text_of
from handlers.marks import answered
from handlers.sending import find_letter
from handlers.words import case_word
from workflows.clock.terms import legal_date
from workflows.errors import InvalidAnswer
from workflows.lint.declared import ITEMS
from workflows.models import CreditRecord, Organisation
from workflows.services.body_subject import subject_of_body
from workflows.services.desk import OperationContext
from workflows.services.enter_record import NewRecord, enter_record
from workflows.services.find_case import find_record
from workflows.services.keep_projects import update_disclosure
from workflows.services.publish_record import (
    PublicationRequest,
    decide_publication,
    find_waiting,
    propose_publication,
)
from workflows.services.read_project import get_project, load_register
from workflows.services.run_clock import find_clock_row
from workflows.services.seal_answers import open_answers
from workflows.services.settle_traceback import (
    ANALYSIS,
    PROJECT,
    ROLES,
    TOLERATED,
    bodies_of,
    get_matrix,
    keep_in_case,
    list_determined,
    list_parties,
    names_in_office,
)

# Responsibility is traced in tendering as in PPP projects (R83); each has its catalogue item.
ITEMS_OF_AREAS = {"ppp": "ppp.default", "tendering": "gov.default"}
EXCLUSIONS = ("information_security", "state_secret", "trade_secret", "privacy")
PEOPLE = ("civil_servant", "natural_person")
# One person decides nothing as a collective (N29, E).
SMALLEST_MEETING = 2


@answered("register_event")
def register_event(context: OperationContext) -> Mapping[str, Any]:
    """Tie the case to its project and its coordinating units (R66, R73 to R75)."""
    answer = answer_of(context, "register_event")
    project = get_project(
        context.session,
        office_id=context.case.office_id,
        project_id=text_of(answer, "project"),
    )
    case = context.case
    case.title = project.name
    # The rules are those of the place where the project is (R65, R67, R70, R76).
    case.division_code = project.division_code
    keep_in_case(
        case, **{PROJECT: project.id, "coordinators": list(answer.get("coordinators") or ())}
    )
    return {}


@answered("preliminary_check")
def preliminary_check(context: OperationContext) -> Mapping[str, Any]:
    """Refuse a lawful change that lacks authority, procedure or compensation (R78, N28)."""
    answer = answer_of(context, "preliminary_check")
    first, last = day_of(answer, "acted_from"), day_of(answer, "acted_to")
    if first is not None and last is not None and last < first:
        raise InvalidAnswer(fields={"acted_to": ["check.date_before_start"]})
    if answer.get("preliminary_outcome") != "lawful_change":
        return {}
    rule = find_parameter(context, "ppp.lawfulChange")
    needed = set(rule.value) if rule is not None else set()
    if rule is None or not needed <= set(answer.get("change_conditions") or ()):
        raise InvalidAnswer(fields={"change_conditions": ["check.lawful_change_incomplete"]})
    return {}


@answered("department_statement")
def department_statement(context: OperationContext) -> Mapping[str, Any]:
    """Take a statement; silence is noted by the office alone, and only when time is up (R57)."""
    answer = answer_of(context, "department_statement", item=context.item)
    if answer.get("statement_state") != "silent":
        if not text_of(answer, "statement"):
            raise InvalidAnswer(fields={"statement": ["check.required"]})
        return {}
    clock = find_clock_row(
        context.work, case_id=context.case_id, name="department_statement", item=context.item
    )
    is_over = clock is not None and clock.due_on is not None and clock.due_on < context.today
    if not is_over or context.work.command.actor.role == "department_officer":
        raise InvalidAnswer(fields={"statement_state": ["check.silence_too_early"]})
    return {}


@answered("joint_analysis")
def joint_analysis(context: OperationContext) -> Mapping[str, Any]:
    """Keep who is proposed for which responsibility, ranked, each with its evidence (R66).

    A party has one role; there is no percentage anywhere (E).
    """
    answer = answer_of(context, "joint_analysis")
    parties = list_parties(get_matrix(context.case))
    wrong: dict[str, list[str]] = {}
    rows: list[dict[str, Any]] = []
    for role in ROLES:
        chosen = [str(each) for each in answer.get(role) or ()]
        lines = _lines(answer.get(f"{role}_evidence"))
        if any(each not in parties for each in chosen):
            wrong[role] = ["check.not_choice"]
        if any(each == row["party"] for each in chosen for row in rows):
            wrong[role] = ["check.party_has_role"]
        if len(lines) < len(chosen):
            wrong[f"{role}_evidence"] = ["check.evidence_for_each"]
        else:
            rows += [
                {"party": party, "role": role, "rank": len(rows) + at, "evidence": lines[at - 1]}
                for at, party in enumerate(chosen, start=1)
            ]
    if wrong:
        raise InvalidAnswer(fields=wrong)
    case = context.case
    rounds = int(case.flags.get("rounds") or 0) + 1
    keep_in_case(case, **{ANALYSIS: rows, "rounds": rounds, TOLERATED: []})
    return {}


@answered("traceback_leniency")
def traceback_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Ask for a ground and an effect where somebody is to be treated leniently (R23 to R26)."""
    answer = answer_of(context, "traceback_leniency")
    if not answer.get("lenient_parties"):
        return {}
    missing = [name for name in ("lenient_conditions", "lenient_effect") if not answer.get(name)]
    if missing:
        raise InvalidAnswer(fields={name: ["check.required"] for name in missing})
    return {}


@answered("review_leniency")
def review_leniency(context: OperationContext) -> Mapping[str, Any]:
    """Spare the parties of an agreed tolerance the record (R27, R28); leniency spares nobody it."""
    opinion = answer_of(context, "review_leniency").get("leniency_review")
    tolerance = answer_of(context, "traceback_tolerance")
    if opinion == "agree" and tolerance.get("tolerance") == "yes":
        spared = [str(each) for each in tolerance.get("tolerance_parties") or ()]
        keep_in_case(context.case, **{TOLERATED: spared})
    return {}


@answered("determine_responsibility", sets={"referrals": ITEMS, "obligation": ["open", "met"]})
def determine_responsibility(context: OperationContext) -> Mapping[str, Any]:
    """Take a collective's decision with its minutes; whoever held office there stood aside (E)."""
    answer = answer_of(context, "determine_responsibility")
    said = open_answers(context.session, context.desk, case_id=context.case_id, content=answer)
    present, recused = _lines(said.get("present")), _lines(said.get("recused"))
    if len(set(present)) < SMALLEST_MEETING:
        raise InvalidAnswer(fields={"present": ["check.collective_needed"]})
    aside = {line.split("，")[0].split(" ")[0] for line in recused}
    if not set(present).isdisjoint(aside | _in_office(context)):
        raise InvalidAnswer(fields={"present": ["check.must_stand_aside"]})
    outcome = answer.get("determination_outcome")
    if outcome == "determined" and not list_determined(context.case):
        raise InvalidAnswer(fields={"determination_outcome": ["check.nobody_determined"]})
    return {
        "referrals": list(answer.get("referrals") or ()),
        "obligation": str(answer.get("obligation") or "met"),
    }


@answered("enter_default")
def enter_default(context: OperationContext) -> Mapping[str, Any]:
    """Enter one default record for each department responsible, unpublished (R62, R69, R83)."""
    answer = answer_of(context, "enter_default")
    case = context.case
    area = text_of(answer, "area") or "ppp"
    for at, body_id in enumerate(_responsible(context), start=1):
        body = context.session.get_one(Organisation, str(body_id))
        letter = _determination(context, body.id)
        entry = NewRecord(
            number=_record_number(context, at),
            subject_id=subject_of_body(context.work, body).id,
            recogniser_id=case.receiving_organisation_id,
            catalogue_item=ITEMS_OF_AREAS[area],
            area=area,
            title=case_word("traceback.record", project=case.title, body=body.name),
            source_kind=text_of(answer, "source_kind"),
            base_document=letter.number if letter else case.number,
            base_document_on=(
                legal_date(letter.made_at) if letter and letter.made_at else context.today
            ),
            lawful_basis=text_of(answer, "lawful_basis"),
            items=(
                {"name": case_word("traceback.fact"), "value": text_of(answer, "record_facts")},
            ),
            misconduct_ended_on=day_of(answer, "misconduct_ended_on"),
        )
        enter_record(context.work, context.desk, entry=entry)
    return {}


@answered("propose_traceback_publication")
def propose_traceback_publication(context: OperationContext) -> Mapping[str, Any]:
    """Put the departments' records forward after the secrecy check; never a person's (R21, R64)."""
    answer = answer_of(context, "propose_traceback_publication")
    if answer.get("publication_proposal") != "propose":
        return {}
    for record in _own_records(context):
        request = PublicationRequest(
            record_id=record.id,
            exclusions={name: str(answer.get(name) or "") for name in EXCLUSIONS},
            basis=text_of(answer, "basis"),
            basis_rank=text_of(answer, "basis_rank"),
        )
        propose_publication(context.work, context.desk, request=request)
    return {}


@answered("approve_traceback_publication")
def approve_traceback_publication(context: OperationContext) -> Mapping[str, Any]:
    """Decide on what waits for publicity, by a second person in the approver's post."""
    answer = answer_of(context, "approve_traceback_publication")
    for record in _own_records(context):
        waiting = find_waiting(context.session, record_id=record.id)
        if waiting is not None:
            decide_publication(
                context.work,
                context.desk,
                publication_id=waiting.id,
                agrees=answer.get("publication_outcome") == "agree",
                note=text_of(answer, "remark"),
            )
    return {}


@answered("enter_person_record")
def enter_person_record(context: OperationContext) -> Mapping[str, Any]:
    """Check that the records named are in the register, of a person, and not public (R71, N23)."""
    for number in _lines(answer_of(context, "enter_person_record").get("person_records")):
        record = find_record(context.session, office_id=context.case.office_id, number=number)
        if record is None:
            raise InvalidAnswer(fields={"person_records": ["check.record_unknown"]})
        if record.subject.kind not in PEOPLE or record.is_published:
            raise InvalidAnswer(fields={"person_records": ["check.record_not_of_person"]})
    return {}


@answered("update_disclosure")
def disclose(context: OperationContext) -> Mapping[str, Any]:
    """Bring the project's disclosed facts up to date in the register (R72)."""
    answer = answer_of(context, "update_disclosure")
    changes = {
        "consultants": text_of(answer, "consultants"),
        "private_party": text_of(answer, "private_party"),
        "contract": text_of(answer, "contract"),
        "contract_on": day_of(answer, "contract_on"),
    }
    update_disclosure(context.work, project_id=str(context.case.flags[PROJECT]), changes=changes)
    return {}


def _in_office(context: OperationContext) -> set[str]:
    """Return everybody who ever held office in the project: they decide nothing about it."""
    register = load_register(
        context.session,
        office_id=context.case.office_id,
        project_id=str(context.case.flags[PROJECT]),
    )
    ids = [row.id for row in register.tenures]
    return names_in_office(context.work, context.desk, tenure_ids=ids)


def _determination(context: OperationContext, body_id: str) -> Any:
    rounds = int(context.case.flags.get("rounds") or 1)
    item = body_id if rounds == 1 else f"{body_id}:{rounds}"
    return find_letter(context, "responsibility_determination", item=item)


def _record_number(context: OperationContext, at: int) -> str:
    return f"{context.case.number}-{at:02d}"


def _responsible(context: OperationContext) -> list[str]:
    """Return the departments determined; a form that acts knows its own answers only."""
    return bodies_of(context.case, list_determined(context.case), only_own=True)


def _own_records(context: OperationContext) -> list[CreditRecord]:
    numbers = [_record_number(context, at + 1) for at in range(len(_responsible(context)))]
    office_id = context.case.office_id
    found = (find_record(context.session, office_id=office_id, number=each) for each in numbers)
    return [record for record in found if record is not None]


def _lines(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]
