"""What is kept, and for how long? The terms, who set them, what went last night and what will go."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.change_term import change_term
from services.console.pages.forms import problems_of, sent
from services.console.pages.privacy.labels import SERVICES, WHY, span_words
from services.console.queries.rights import term_lines
from services.console.schemas import TermForm, read
from services.console.store import retention as store
from shared.access.people import May
from shared.errors import InputError
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.store import known_first_night
from shared.personal_data.retention.terms import BY_COUNTRY, KEEPING
from shared.vocabulary.personal_data import Kept
from shared.web.access_control import me, needs
from shared.web.i18n.labels import label
from shared.web.site import here

TERMS = Blueprint("console_terms", __name__, url_prefix="/privacy")
Reply = str | Response | tuple[str, int]


@TERMS.get("")
@needs(May.ADMINISTER)
def show() -> str:
    with here().transaction() as tx:
        lines, nights, begins = term_lines(tx), store.nights(tx), known_first_night(tx)
    return render_template(
        "privacy.html",
        lines=lines,
        nights=[night for night in nights if night.due or night.dropped],
        counted=min((night.counted_at for night in nights), default=None),
        begins=begins if nights and begins and begins > here().now().date() else None,
        why=WHY,
        span_words=span_words,
        services=SERVICES,
        kept_label=lambda kept: label(Kept(kept)),
    )


@TERMS.get("/terms/<kept>")
@needs(May.ADMINISTER)
def ask(kept: str) -> str:
    return _form(_settable(kept), {}, {})


@TERMS.post("/terms/<kept>")
@needs(May.ADMINISTER)
def change(kept: str) -> Reply:
    chosen, form = _settable(kept), sent()
    try:
        wanted = read(TermForm, form)
        with here().transaction() as tx:
            change_term(tx, chosen, wanted["country"], span_of(wanted), me(), here().now())
    except InputError as error:
        return _form(chosen, form, problems_of(error)), 422
    flash(gettext("Saved. What will go tonight is counted anew."))
    return redirect("/privacy", 303)


def span_of(wanted: dict[str, Any]) -> Span | None:
    """None: the default again."""
    amount = wanted["amount"]
    if amount is None:
        return None
    return Span(months=amount) if wanted["unit"] == "months" else Span(days=amount)


def _settable(text: str) -> Kept:
    try:
        kept = Kept(text)
    except ValueError:
        abort(404)
    if not KEEPING[kept].is_settable:
        abort(404)
    return kept


def _form(kept: Kept, typed: dict[str, Any], problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        line = next(one for one in term_lines(tx) if one.kept is kept)
    return render_template(
        "privacy_term.html",
        line=line,
        by_country=kept in BY_COUNTRY,
        typed=typed,
        problems=problems,
        why=WHY[kept],
        name=label(kept),
        span_words=span_words,
        units=[("months", gettext("months")), ("days", gettext("days"))],
    )
