"""Every key figure of some days, worked out from the raw rows of all services, slowly and plainly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from guestloop.composition.services import Group
from services.campaigns.commands.count_results import Asking, count_won_course
from services.campaigns.queries.returns import return_rows, returns_of
from services.campaigns.rules.returns import by_channel, by_journey
from services.feedback.queries.key_figures import NOTHING, course_in
from shared.access.scope import EVERYWHERE, Scope
from shared.localtime import local_date, local_instant
from shared.vocabulary.window import A_COURSE, Span, last_windows
from tests.campaigns.returns_oracle import Asked, Oracle
from tests.segments.figures_oracle import figures, read

Parts = dict[str, tuple[Decimal, int]]
MONTH = timedelta(days=30)


def key_figures(group: Group, first: date, last: date, hotel: str, today: date, own: set[str]) -> Parts:
    """By key, part and whole."""
    until = last + timedelta(days=1)
    counted = figures(read(group.database("segments"), today), first - (until - first), first, until)
    of = counted.get((hotel, "", ""))
    guests = of or dict.fromkeys(("before", "retained", "known", "guests", "again", "spend", "complained"), 0)
    found: Parts = {}
    for key, part, whole in (
        *(("retention", "retained", "before"), ("retention_by_numbers", "known", "before")),
        *(("repurchase", "again", "guests"), ("spend", "spend", "guests"), ("complaints", "complained", "guests")),
        *((f"reach_{channel}", channel, "guests") for channel in ("email", "sms", "whatsapp")),
    ):
        found[key] = Decimal(guests.get(part, 0)), guests[whole]
    zones = dict(rows(group, "console", "select code, zone from property"))
    return {
        **found,
        **of_stays(group, first, until, hotel, own),
        **of_answers(group, first, until, hotel, zones),
        "cost_won": (Decimal(0), won(group, first, until, hotel, zones)),
    }


def check_courses(group: Group, hotel: str, today: date) -> int:
    """Of answers and of bookings won, of each of the last months; returns how many guests answered in them."""
    zones = dict(rows(group, "console", "select code, zone from property"))
    here = {code: zone for code, zone in zones.items() if hotel in ("", code)}
    windows, zone = last_windows(Span.MONTH, today, A_COURSE), zones[hotel or min(zones)]
    limits = [
        {code: (midnight(one.first, place), midnight(one.until, place)) for code, place in here.items()}
        for one in windows
    ]
    with group.database("feedback").transaction() as tx:
        course = course_in(tx, list(zip(windows, limits, strict=True)))
    scope = Scope(frozenset({hotel})) if hotel else EVERYWHERE
    with group.database("campaigns").transaction() as tx:
        bookings = count_won_course(tx, Span.MONTH, today, zone, Asking(scope, midnight(today, zone))).by_window
    for place, one in enumerate(windows):
        answers = of_answers(group, one.first, one.until, hotel, zones)
        told = course.get(one.first, NOTHING)
        assert (told["net"], told["answers"]) == answers["nps"], one
        assert told["responded"] == answers["response"][1], one
        assert abs(Decimal(told["hours"]) - answers["response"][0]) < Decimal("0.01"), one
        assert bookings is not None and bookings.get(place, 0) == won(group, one.first, one.until, hotel, zones), one
    return sum(one["answers"] for one in course.values())


def check_returns(group: Group, hotel: str | None, since: datetime, until: datetime) -> int:
    """What messages cost and brought, of all who entered; returns how many of them went."""
    days = dict(rows(group, "campaigns", GOALS))
    currencies = dict(rows(group, "campaigns", "select code, currency from property_known"))
    oracle = Oracle(group.database("campaigns"), hotel, Asked(since, until, days, currencies))
    with group.database("campaigns").transaction() as tx:
        found = returns_of(return_rows(tx, since, until, Scope(frozenset({hotel})) if hotel else EVERYWHERE))
    for by, lines in (("journey", by_journey(found)), ("channel", by_channel(found))):
        paid, last, first = oracle.paid(by), *(oracle.clicked(by, first=one) for one in (False, True))
        assert {one.key for one in lines} == {*paid, *last, *first}
        for one in lines:
            assert (one.messages, one.unpriced, one.spent) == paid.get(one.key, (0, 0, {}))
            for click, said in ((one.last, last), (one.first, first)):
                assert (click.stays, click.unknown, click.earned) == said.get(one.key, (0, 0, {}))
    assert {one.journey: (one.written, one.control) for one in found.compared} == oracle.compared()
    return sum(one.messages for one in by_journey(found))


GOALS = """
    select distinct on (journey) journey, (document -> 'goal' ->> 'within_days')::int
    from journey_version order by journey, version desc
"""


def midnight(day: date, zone: str) -> datetime:
    return local_instant(day, time(0), zone)


def rows(group: Group, service: str, query: str) -> list[Any]:
    with group.database(service).transaction() as tx:
        return tx.execute(query).fetchall()


def of_stays(group: Group, first: date, until: date, hotel: str, own: set[str]) -> Parts:
    query = (
        "select property, status, booked_on, arrival, checked_out_on, nights, coalesce(channel, ''), muted "
        "from stay where not starts_with(reservation, 'anonymous')"
    )
    stays = [one for one in rows(group, "segments", query) if hotel in ("", one[0])]
    ended = [one for one in stays if one[1] == "checked_out" and not one[7] and first <= one[4] < until]
    booked = [one for one in stays if first <= one[2] < until]
    arriving = [one for one in stays if first <= one[3] < until]
    known = [one for one in ended if one[6]]
    return {
        "direct": (Decimal(sum(one[6] in own for one in known)), len(known)),
        "lead": (Decimal(sum(max((one[3] - one[2]).days, 0) for one in booked)), len(booked)),
        "length": (Decimal(sum(one[5] for one in ended)), len(ended)),
        "cancellation": (Decimal(sum(one[1] == "cancelled" for one in arriving)), len(arriving)),
    }


def of_answers(group: Group, first: date, until: date, hotel: str, zones: dict[str, str]) -> Parts:
    into = dict(
        rows(group, "feedback", "select guest_id, into_guest_id from guest_known where into_guest_id is not null")
    )
    last: dict[Any, tuple[datetime, Any, int]] = {}
    answers = "select property, guest_id, answered_at, answer_id, score from survey_answer where property is not null"
    for property, guest, at, answer, score in rows(group, "feedback", answers):
        if hotel in ("", property) and first <= local_date(at, zones[property]) < until:
            who = into.get(guest, guest)
            if who not in last or at > last[who][0]:
                last[who] = at, answer, score
    scores = [score for _, _, score in last.values()]
    net = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
    return {"nps": (Decimal(net), len(scores)), "response": responses(group, first, until, hotel, zones)}


def responses(group: Group, first: date, until: date, hotel: str, zones: dict[str, str]) -> tuple[Decimal, int]:
    acts: dict[Any, datetime] = {}
    for case, at in rows(group, "feedback", "select case_id, at from case_entry where kind <> 'late'"):
        acts[case] = min(at, acts.get(case, at))
    hours = []
    query = (
        "select case_id, property, opened_at, closed_at from care_case where kind = 'complaint' and merged_into is null"
    )
    for case, property, opened, closed in rows(group, "feedback", query):
        if property and hotel in ("", property) and first <= local_date(opened, zones[property]) < until:
            done = [at for at in (acts.get(case), closed) if at]
            hours += [Decimal((min(done) - opened).total_seconds()) / 3600] if done else []
    return sum(hours, Decimal(0)), len(hours)


def won(group: Group, first: date, until: date, hotel: str, zones: dict[str, str]) -> int:
    merged = dict(
        rows(group, "campaigns", "select guest_id, merged_into from guest_known where merged_into is not null")
    )
    clicks: dict[Any, list[datetime]] = {}
    clicked = (
        "select guest_id, clicked_at from message join enrolment on enrolment.id = enrolment_id "
        "where clicked_at is not null"
    )
    for guest, at in rows(group, "campaigns", clicked):
        clicks.setdefault(merged.get(guest, guest), []).append(at)
    zone = zones[hotel] if hotel else next(iter(zones[code] for code in sorted(zones)))
    standing = "select guest_id, property, booked_at from stay_known where status not in ('cancelled', 'no_show')"
    return sum(
        any(at < booked <= at + MONTH for at in clicks.get(guest, ()))
        for guest, property, booked in rows(group, "campaigns", standing)
        if hotel in ("", property) and first <= local_date(booked, zone) < until
    )
