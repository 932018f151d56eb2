"""The portal's front page, and proving that a case is one's own."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.current import desk, note_read, office, parts, reads, today
from webapp.errors import problem, wants_json
from webapp.limits import GUESSES, limiter
from webapp.phrases import Words, phrase
from webapp.presenters.ranks import RankView, rank_view, source_words, term_words
from webapp.texts import t
from webapp.views.filing_kinds import offered_kinds
from webapp.views.portal.acts import keep_for_later
from webapp.views.portal.door import (
    ProofNeeded,
    close_case_for_visitor,
    open_case_for_visitor,
    pages,
)
from webapp.views.portal.showcase import ShownCase, list_shown_cases
from workflows.models import Office
from workflows.services.find_own_case import find_own_case, plain_code
from workflows.services.keep_catalogue import list_measures
from workflows.services.open_case import OBJECTION
from workflows.services.read_portal import list_bodies

# Wrong tries on one code: enough for a slip of the finger, too few to try out four digits.
TRIES_ON_A_CODE = "10 per hour; 30 per day"
# Where a visitor may be led on to after proving whose case it is.
WAYS = ("case_page", "explain", "supplement", "withdraw", "receipt")
WAY_OF_FORM = {"submit_supplement": "supplement", "submit_withdrawal": "withdraw"}
KINDS = (
    "government_body",
    "public_institution",
    "civil_servant",
    "enterprise",
    "social_organisation",
    "natural_person",
)


@dataclass(frozen=True)
class TermLine:
    """How long a reply may take, for the kinds of subjects that share a rule."""

    kinds: tuple[Words, ...]
    term: Words
    source: Words
    rank: RankView


@pages.get("/portal/")
def home() -> str:
    """Show the two ways in: file an objection, or follow one."""
    here = office()
    return render_template(
        "portal/home.html",
        bodies=list_bodies(reads(), office_id=here.id),
        kinds=[each for each in offered_kinds("portal") if each.key != OBJECTION],
        terms=_terms(here),
        shown=_shown(here),
    )


@pages.get("/portal/enter")
def enter() -> str:
    """Ask for the query code and something that is not public (E)."""
    return _page(where=request.args.get("where", ""))


@pages.post("/portal/enter")
@limiter.limit(GUESSES)
@limiter.limit(
    TRIES_ON_A_CODE,
    key_func=lambda: desk().vault.blind_index(plain_code(request.form.get("code", ""))),
    deduct_when=lambda response: response.status_code == 422,
)
def prove() -> Response | tuple[str, int]:
    """Open the case whose code and proof both fit."""
    code, proof = request.form.get("code", ""), request.form.get("proof", "")
    where = request.form.get("where", "")
    case_id = find_own_case(reads(), desk(), office_id=office().id, code=code, proof=proof)
    if case_id is None:
        return _page(where=where, code=code, problem=phrase("portal.enter.wrong")), 422
    open_case_for_visitor(case_id)
    note_read("portal", case_id=case_id)
    return redirect(url_for(f"portal.{where if where in WAYS else 'case_page'}"))


@pages.post("/portal/leave")
def leave() -> Response:
    """Close the case on this computer."""
    close_case_for_visitor()
    flash(t("portal.left"))
    return redirect(url_for("portal.home"))


@pages.get("/portal/accessibility")
def accessibility() -> str:
    """Say how the pages can be used, and whom to ask."""
    return render_template("portal/accessibility.html", contact=office().settings.get("contact"))


@pages.get("/portal/measures")
def measures() -> str:
    """Publish the list of measures in force, each with its basis and edition (R122)."""
    found = list_measures(reads(), office_id=office().id, on=today())
    return render_template(
        "portal/measures.html", measures=[each for each in found if each.is_lawful]
    )


@pages.errorhandler(ProofNeeded)
def ask_for_proof(error: ProofNeeded) -> Response | FlaskResponse:
    """Ask for code and proof instead of showing a bare refusal; what was typed is kept."""
    if wants_json():
        return problem(401, phrase(error.key))
    name = (request.endpoint or "").rpartition(".")[2]
    where = WAY_OF_FORM.get(name, name)
    if name in WAY_OF_FORM:
        keep_for_later(where)
        flash(t("portal.proof_needed.kept"), "act")
    else:
        flash(t(error.key), "act")
    return redirect(url_for("portal.enter", where=where if where in WAYS else None), 303)


def _page(*, where: str, code: str = "", problem: Words | None = None) -> str:
    return render_template(
        "portal/enter.html",
        problem=problem,
        code=code,
        where=where if where in WAYS else "",
        shown=_shown(office()),
    )


def _shown(here: Office) -> list[ShownCase]:
    """Return cases to look at without having filed one; in the demo only."""
    if not parts().settings.is_demo:
        return []
    return list_shown_cases(here.id)


def _terms(here: Office) -> list[TermLine]:
    """Return how long a reply may take by kind of subject, each with whose rule it is."""
    rules = desk().rules(reads(), here.id)
    lines: dict[tuple[object, ...], TermLine] = {}
    for kind in KINDS:
        rule = rules.find(
            "obj.reply.limit", division=here.division_code, on=today(), subject_kind=kind
        )
        # An unconfirmed number has no effect outside the office, so it is not promised here (E).
        if rule is None or not rule.confirmed or not isinstance(rule.value, int):
            continue
        same = (rule.value, rule.unit, rule.document, rule.clause, rule.label)
        known = lines.get(same)
        lines[same] = TermLine(
            kinds=(*(known.kinds if known else ()), phrase(f"subject.kind.{kind}")),
            term=term_words(rule.value, str(rule.unit)),
            source=source_words(rule),
            rank=rank_view(rule),
        )
    return list(lines.values())
