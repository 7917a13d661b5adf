"""Why is this guest in a segment, or why not? Each condition with the guest's own value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, assert_never
from uuid import UUID

from babel.lists import format_list
from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.segments.lifecycle import live_segment
from services.segments.facts.fact import Kind
from services.segments.facts.families.ranks import MEASURES
from services.segments.pages.guests.labels import because_words
from services.segments.pages.segments.sentence import clause_words, currency_in, quantity, value_words
from services.segments.pages.segments.views import names, rule_words
from services.segments.pages.segments.which_stays import Names
from services.segments.queries.audiences import why as queries
from services.segments.queries.audiences.why import Finding
from services.segments.queries.guests.finding import Wish, find_guests
from services.segments.rules.language.affirm import affirmed
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import All, Leaf, Not, Rule
from services.segments.rules.language.tree import Any as Either
from services.segments.store.evaluation import ranks
from services.segments.store.guests.guests import read_guest
from services.segments.store.segments import live_rules
from shared.access.audit import record
from shared.access.people import May
from shared.errors import NotFound
from shared.localtime import local_date
from shared.naming import full_name
from shared.web.access_control import me, needs, scope
from shared.web.i18n.formatting import day
from shared.web.i18n.languages import locale
from shared.web.site import here

pages = Blueprint("segments_why", __name__, url_prefix="/segments/segments/<key>/why")


@dataclass(frozen=True)
class Line:
    """A condition, or a group (`word`: all | any) with its parts."""

    holds: bool
    words: str = ""
    value: str = ""
    word: str = ""
    parts: Sequence[Line] = ()


@pages.get("")
@needs(May.CONFIGURE)
def ask(key: str) -> str | Response:
    """By words: the guest they name, or a choice of those they may mean."""
    text = request.args.get("q", "").strip()[:200]
    with here().transaction() as tx:
        segment = live_segment(tx, key)
        page = find_guests(tx, Wish(text=text), scope(), contacts=me().may(May.SEE_CONTACTS)) if text else None
        found = page.guests if page else []
        record(tx, me(), "guests.listed", "guests", {"count": len(found), "filter": {"searched": True}}, here().now())
    if len(found) == 1:
        return redirect(f"/segments/segments/{key}/why/{found[0].id}", 303)
    return render_template("segment_why_whom.html", segment=segment, text=text, found=found, full_name=full_name)


@pages.get("/<uuid:guest_id>")
@needs(May.CONFIGURE)
def why(key: str, guest_id: UUID) -> str:
    now = here().now()
    with here().transaction() as tx:
        segment = live_segment(tx, key)
        if not queries.is_seen(tx, guest_id, scope()):
            raise NotFound(gettext("There is no such guest."))
        guest, known, live = read_guest(tx, guest_id), names(tx), live_rules(tx)
        plain = affirmed(parse(segment.rule))
        leaves = list(_leaves(plain))
        today = local_date(now, guest.home_zone)
        found = queries.findings(tx, leaves, guest_id, guest.home_zone, today, live)
        standing, ranked_on = queries.standing(tx, segment.number, guest_id), ranks.taken_on(tx)
        record(tx, me(), "guest.viewed", f"guest {guest_id}", {"segment": key}, now)
    return render_template(
        "segment_why.html",
        segment=segment,
        guest=guest,
        name=full_name(guest.given_name, guest.family_name),
        sentence=rule_words(segment.rule, known),
        line=_line(plain, dict(zip(leaves, found, strict=True)), known, ranked_on) if found else None,
        standing=standing,
        because=because_words(standing.because) if standing.because else "",
    )


def _leaves(rule: Rule) -> Iterator[Leaf]:
    """Each once."""
    seen: dict[Leaf, None] = {}
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Leaf):
            seen[one] = None
        else:
            waiting += [one.rule] if isinstance(one, Not) else list(one.rules)
    return iter(seen)


def _line(rule: Rule, found: dict[Leaf, Finding], known: Names, ranked_on: date | None) -> Line:
    if isinstance(rule, All | Either):
        parts = [_line(part, found, known, ranked_on) for part in rule.rules]
        holds = (all if isinstance(rule, All) else any)(part.holds for part in parts)
        return Line(holds, word="all" if isinstance(rule, All) else "any", parts=parts)
    leaf = rule.rule if isinstance(rule, Not) else rule
    assert isinstance(leaf, Leaf), "an affirmed rule denies conditions only"
    finding = found[leaf]
    value = _shown(leaf, finding, known)
    if leaf.fact in MEASURES and finding.value is not None and ranked_on:
        value = gettext("%(value)s, as of %(day)s", value=value, day=day(ranked_on))
    return Line(finding.holds is not isinstance(rule, Not), clause_words(rule, known), value)


def _shown(leaf: Leaf, finding: Finding, known: Names) -> str:
    fact, value = leaf.entry, finding.value
    if fact.kind is Kind.MEMBERSHIP:
        return ""
    if value is None:
        return gettext("not known")
    match fact.kind:
        case Kind.TRUTH:
            return gettext("yes") if value else gettext("no")
        case Kind.TEXT:
            return value_words(fact, str(value), known)
        case Kind.TEXTS:
            return _listed([value_words(fact, one, known) for one in value])
        case Kind.WHOLE | Kind.MONEY:
            assert fact.unit is not None, "a number counts something"
            return quantity(fact.unit, _number(value), currency_in(leaf.where.one_hotel(), known))
        case _:
            assert_never(fact.kind)


def _number(value: Any) -> int | Decimal:
    return value if isinstance(value, int) else Decimal(value)


def _listed(texts: Sequence[str]) -> str:
    return format_list(list(texts), "standard", locale()) if texts else gettext("none")
