"""What an office agrees on: confirm a rule, propose and approve a pack or a definition.

A bundle or pack is put forward by one person with its difference shown, and takes effect when a
second person approves it (foundations: Definition bundle).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from workflows.clock.calendar import legal_date
from workflows.engine.blueprint import blueprint
from workflows.engine.bundle import Bundle
from workflows.errors import (
    Conflict,
    DiagramError,
    InvalidAnswer,
    NotAllowed,
    NotFound,
    RuleMissing,
)
from workflows.models import Deployment, RemedySignature, RuleConfirmation
from workflows.rules.packs import Parameter, RulePack, missing_parameters, read_pack
from workflows.services.desk import Desk, store_bundle
from workflows.services.lint_definition import list_breaches, list_slips
from workflows.storage.unit_of_work import UnitOfWork

ROLES = frozenset(
    {
        "window_clerk",
        "handler",
        "reviewer",
        "approver",
        "legal_reviewer",
        "department_officer",
        "platform_operator",
        "supervisor",
        "system",
    }
)


def confirm_rule(
    work: UnitOfWork, desk: Desk, *, pack_id: str, parameter_hash: str, against_text: str
) -> dict[str, Any]:
    """Confirm a parameter against the text that was read; only then does it work outside (E)."""
    if work.command.actor.role != "legal_reviewer":
        raise NotAllowed("error.only_legal_reviewer")
    if len(against_text.strip()) < 8:
        raise InvalidAnswer(fields={"against_text": ["check.name_the_text"]})
    found = _parameter(work, desk, pack_id=pack_id, content_hash=parameter_hash)
    if _confirmations(work, pack_id=pack_id, parameter_hash=parameter_hash):
        raise Conflict("error.already_confirmed", parameter=found.key)
    work.session.add(
        RuleConfirmation(
            office_id=work.command.office_id,
            pack_id=pack_id,
            parameter=found.key,
            parameter_hash=found.content_hash,
            against_text=against_text.strip(),
            confirmed_at=work.command.now,
            confirmed_by_id=work.command.actor.person_id or "",
        )
    )
    work.record(
        "rule_confirmed", case_id=None, pack=pack_id, parameter=found.key, text=against_text
    )
    return {"pack": pack_id, "parameter": found.key}


def withdraw_confirmation(
    work: UnitOfWork, desk: Desk, *, pack_id: str, parameter_hash: str, reason: str
) -> dict[str, Any]:
    """Take a confirmation back, with the reason; what it already did stays as it is."""
    if work.command.actor.role != "legal_reviewer":
        raise NotAllowed("error.only_legal_reviewer")
    if not reason.strip():
        raise InvalidAnswer(fields={"reason": ["check.reason_needed"]})
    rows = _confirmations(work, pack_id=pack_id, parameter_hash=parameter_hash)
    if not rows:
        raise Conflict("error.not_confirmed")
    for row in rows:
        row.withdrawn_at = work.command.now
        work.record(
            "confirmation_withdrawn",
            case_id=None,
            pack=pack_id,
            parameter=row.parameter,
            reason=reason.strip(),
        )
    return {"pack": pack_id, "parameter": rows[0].parameter}


def sign_remedy(work: UnitOfWork, desk: Desk, *, row_key: str, row_hash: str) -> dict[str, Any]:
    """Sign a row of the remedies table: without it no letter names that remedy (E, N25)."""
    if work.command.actor.role != "legal_reviewer":
        raise NotAllowed("error.only_legal_reviewer")
    query = select(RemedySignature).where(
        RemedySignature.office_id == work.command.office_id,
        RemedySignature.row_key == row_key,
        RemedySignature.row_hash == row_hash,
    )
    if work.session.scalars(query).first() is not None:
        return {"row_key": row_key}
    work.session.add(
        RemedySignature(
            office_id=work.command.office_id,
            row_key=row_key,
            row_hash=row_hash,
            signed_at=work.command.now,
            signed_by_id=work.command.actor.person_id or "",
        )
    )
    work.record("remedy_signed", case_id=None, row=row_key)
    return {"row_key": row_key}


def _refuse(work: UnitOfWork, desk: Desk, bundle: Bundle) -> None:
    """Raise DiagramError for a definition that cannot run safely or would break the law."""
    office_id = work.command.office_id
    findings = list_breaches(work, desk, office_id=office_id, bundle=bundle, roles=ROLES)
    if findings:
        raise DiagramError("error.definition_refused", findings=findings, count=len(findings))


def propose_bundle(work: UnitOfWork, desk: Desk, *, bundle: Bundle) -> dict[str, Any]:
    """Put a definition forward. Raises DiagramError with every finding if it may not run."""
    _refuse(work, desk, bundle)
    store_bundle(work.session, bundle)
    active = _active(work, kind="bundle", key=bundle.key)
    before = desk.bundle(work.session, active.content_hash) if active else None
    row = _propose(
        work,
        kind="bundle",
        key=bundle.key,
        content_hash=bundle.hash,
        content="",
        difference=compare_bundles(before, bundle),
    )
    return {"deployment_id": row.id}


def propose_pack(work: UnitOfWork, desk: Desk, *, content: bytes, source: str) -> dict[str, Any]:
    """Put a rule pack forward.

    Raises RuleMissing, with each one by name, if the office would lack a needed parameter.
    """
    pack = read_pack(content, source=source)
    check_complete(work, desk, pack=pack)
    active = _active(work, kind="pack", key=pack.id)
    before = read_pack(active.content.encode(), source="active") if active else None
    row = _propose(
        work,
        kind="pack",
        key=pack.id,
        content_hash=f"{pack.id}@{pack.version}"[:64],
        content=content.decode("utf-8-sig"),
        difference=compare_packs(before, pack),
    )
    return {"deployment_id": row.id}


def decide_deployment(
    work: UnitOfWork, desk: Desk, *, deployment_id: str, agrees: bool
) -> dict[str, Any]:
    """Approve or refuse what another person put forward; new cases then start with it.

    Raises NotAllowed for the person who proposed it.
    """
    row = work.session.get(Deployment, deployment_id)
    if row is None or row.office_id != work.command.office_id:
        raise NotFound("error.deployment_not_found")
    if row.status != "proposed":
        raise Conflict("error.deployment_decided")
    if row.proposed_by_id == work.command.actor.person_id:
        raise NotAllowed("error.second_person_decides")
    row.decided_at = work.command.now
    row.decided_by_id = work.command.actor.person_id
    row.status = "active" if agrees else "refused"
    if agrees and row.kind == "bundle":
        # Packs and calendars may have changed since it was put forward.
        _refuse(work, desk, desk.bundle(work.session, row.content_hash))
    if agrees and row.kind == "pack":
        check_complete(work, desk, pack=read_pack(row.content.encode(), source=row.key))
    if agrees:
        before = _active(work, kind=row.kind, key=row.key, other_than=row.id)
        if before is not None:
            before.status = "superseded"
    work.record("deployment_decided", case_id=None, what=row.kind, key=row.key, agrees=agrees)
    return {"deployment_id": row.id}


def install_shipped(
    work: UnitOfWork, desk: Desk, *, bundles: list[Bundle], packs: Mapping[str, bytes]
) -> dict[str, Any]:
    """Put what the product ships into force in an office that has nothing yet of that key."""
    for bundle in bundles:
        if _active(work, kind="bundle", key=bundle.key) is None:
            # What we ship has passed the legal lint in `make check`.
            findings = list_slips(desk, bundle, roles=ROLES)
            if findings:
                raise DiagramError("error.definition_refused", findings=findings)
            store_bundle(work.session, bundle)
            row = _propose(
                work,
                kind="bundle",
                key=bundle.key,
                content_hash=bundle.hash,
                content="",
                difference={},
            )
            row.status, row.decided_at = "active", work.command.now
    for name, content in packs.items():
        pack = read_pack(content, source=name)
        if _active(work, kind="pack", key=pack.id) is None:
            row = _propose(
                work,
                kind="pack",
                key=pack.id,
                content_hash=f"{pack.id}@{pack.version}"[:64],
                content=content.decode(),
                difference={},
            )
            row.status, row.decided_at = "active", work.command.now
    return {}


def check_complete(work: UnitOfWork, desk: Desk, *, pack: RulePack) -> None:
    """Refuse a pack with which the office would lack a parameter that a process needs.

    Raises RuleMissing naming the parameters; ``problems`` holds one error for each.
    """
    office = desk.office(work.session, work.command.office_id)
    book = desk.rules(work.session, office.id).with_pack(pack)
    divisions = {office.division_code}
    if pack.jurisdiction.startswith(office.division_code[:2]):
        divisions.add(pack.jurisdiction.ljust(6, "0"))
    today = legal_date(work.command.now)
    problems = [
        problem
        for division in sorted(divisions)
        for problem in missing_parameters(book=book, division=division, on=today)
    ]
    if problems:
        names = sorted({str(problem.facts["parameter"]) for problem in problems})
        raise RuleMissing(
            "error.pack_incomplete",
            count=len(names),
            parameters=", ".join(names),
            problems=problems,
        )


def compare_bundles(before: Bundle | None, after: Bundle) -> dict[str, Any]:
    """Return files and elements that are new, gone or changed."""
    if before is None:
        return {"files_added": sorted(after.files)}
    old, new = blueprint(before).elements, blueprint(after).elements
    return {
        "files_added": sorted(set(after.files) - set(before.files)),
        "files_removed": sorted(set(before.files) - set(after.files)),
        "files_changed": sorted(
            name
            for name in set(after.files) & set(before.files)
            if after.files[name] != before.files[name]
        ),
        "elements_added": sorted(set(new) - set(old)),
        "elements_removed": sorted(set(old) - set(new)),
        "elements_changed": sorted(name for name in set(old) & set(new) if old[name] != new[name]),
    }


def compare_packs(before: RulePack | None, after: RulePack) -> dict[str, Any]:
    """Return parameters that are new, gone or changed, with both values."""
    old = {_name(each): each for each in before.parameters} if before else {}
    new = {_name(each): each for each in after.parameters}
    changed = {
        name: [_value(old[name]), _value(new[name])]
        for name in sorted(set(old) & set(new))
        if old[name] != new[name]
    }
    return {
        "added": sorted(set(new) - set(old)),
        "removed": sorted(set(old) - set(new)),
        "changed": changed,
    }


def _value(parameter: Parameter) -> str:
    """Return what a parameter holds; a rule that gives nothing shows a dash (O-1, O-11)."""
    return "—" if parameter.value is None else str(parameter.value)


def _name(parameter: Parameter) -> str:
    kinds = "/".join(parameter.subject_kinds)
    return f"{parameter.key} ({kinds})" if kinds else parameter.key


def _parameter(work: UnitOfWork, desk: Desk, *, pack_id: str, content_hash: str) -> Parameter:
    for pack in desk.rules(work.session, work.command.office_id).packs:
        if pack.id != pack_id:
            continue
        for parameter in pack.parameters:
            if parameter.content_hash == content_hash:
                return parameter
    raise NotFound("error.parameter_not_found", parameter=content_hash[:12])


def _confirmations(
    work: UnitOfWork, *, pack_id: str, parameter_hash: str
) -> list[RuleConfirmation]:
    query = select(RuleConfirmation).where(
        RuleConfirmation.office_id == work.command.office_id,
        RuleConfirmation.pack_id == pack_id,
        RuleConfirmation.parameter_hash == parameter_hash,
        RuleConfirmation.withdrawn_at.is_(None),
    )
    return list(work.session.scalars(query))


def _active(work: UnitOfWork, *, kind: str, key: str, other_than: str = "") -> Deployment | None:
    query = select(Deployment).where(
        Deployment.office_id == work.command.office_id,
        Deployment.kind == kind,
        Deployment.key == key,
        Deployment.status == "active",
        Deployment.id != other_than,
    )
    return work.session.scalars(query).first()


def _propose(work: UnitOfWork, *, difference: dict[str, Any], **values: str) -> Deployment:
    row = Deployment(
        office_id=work.command.office_id,
        status="proposed",
        difference=difference,
        proposed_at=work.command.now,
        proposed_by_id=work.command.actor.person_id,
        **values,
    )
    work.session.add(row)
    work.session.flush()
    work.record("deployment_proposed", case_id=None, what=row.kind, key=row.key)
    return row
