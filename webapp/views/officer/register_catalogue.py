"""The catalogue's page: what may be recorded, with which measures, and local supplements."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from webapp.current import actor, office, reads, run, today
from webapp.texts import current_language, t
from webapp.views.admin.returned import UNTOUCHED, Returned
from webapp.views.officer.door import pages
from webapp.views.officer.record_facts import word_choices
from webapp.views.officer.register_pages import draw, posted, submit
from workflows.services.keep_catalogue import (
    CLASSES,
    LAWFUL_RANKS,
    NewSupplement,
    confirm_entry,
    decide_supplement,
    list_items,
    list_measures,
    list_supplements,
    propose_supplement,
)


@pages.get("/registers/catalogue")
def catalogue() -> str:
    """Show items and measures, with what each rests on and what is unconfirmed."""
    return _catalogue(UNTOUCHED)


@pages.post("/registers/catalogue")
def confirm_catalogue_entry() -> Response | tuple[str, int]:
    """Confirm an item or measure against the edition that was read."""
    return submit(
        lambda: run(
            "confirm_entry",
            lambda work: confirm_entry(
                work, key=posted("key"), against_text=posted("against_text")
            ),
        ),
        done="registers.catalogue.confirmed",
        where=lambda _: url_for("officer.catalogue"),
        again=_catalogue,
    )


@pages.post("/registers/catalogue/supplements")
def propose_catalogue_supplement() -> Response | tuple[str, int]:
    """Put a local item or measure forward."""
    entry = NewSupplement(
        kind=posted("kind"),
        key=posted("key"),
        name=posted("name"),
        name_en=posted("name_en"),
        group=posted("group"),
        division_code=posted("division_code"),
        lawful_basis=posted("lawful_basis"),
        basis_rank=posted("basis_rank"),
        publicity=posted("publicity"),
        measure_class=posted("measure_class"),
    )
    return submit(
        lambda: run("propose_supplement", lambda work: propose_supplement(work, entry=entry)),
        done="registers.supplement.proposed",
        where=lambda _: url_for("officer.catalogue"),
        again=_catalogue,
    )


@pages.post("/registers/catalogue/supplements/<supplement_id>")
def decide_catalogue_supplement(supplement_id: str) -> Response | tuple[str, int]:
    """Approve or refuse a local supplement, as a second person."""
    agrees = posted("decision") == "approve"
    return submit(
        lambda: run(
            "decide_supplement",
            lambda work: decide_supplement(work, supplement_id=supplement_id, agrees=agrees),
        ),
        done="registers.supplement.approved" if agrees else "registers.supplement.refused",
        where=lambda _: url_for("officer.catalogue"),
        again=_catalogue,
    )


def _catalogue(returned: Returned) -> str:
    ranks = dict(word_choices("ranks"))
    return draw(
        "catalogue.html",
        section="catalogue",
        returned=returned,
        items=list_items(reads(), office_id=office().id, on=today()),
        measures=list_measures(reads(), office_id=office().id, on=today()),
        supplements=list_supplements(reads(), office_id=office().id),
        in_english=current_language() == "en",
        may_confirm=actor().role == "legal_reviewer",
        may_propose=actor().role in ("handler", "legal_reviewer"),
        may_decide=actor().role == "approver",
        kinds=[(kind, t(f"registers.supplement.{kind}")) for kind in ("item", "measure")],
        ranks=[(rank, ranks[rank]) for rank in LAWFUL_RANKS],
        classes=[(each, t(f"registers.publicity.{each}")) for each in CLASSES],
        measure_classes=[("", t("registers.no_measure")), *word_choices("classes")],
    )
