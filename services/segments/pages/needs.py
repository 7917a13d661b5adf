"""What needs somebody, for the console's home page and for today: systems in trouble, companies to follow up, …"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, assert_never

from flask_babel import gettext, ngettext

from services.segments.queries import companies as company_queries
from services.segments.queries.companies import FollowUp
from services.segments.queries.home import open_doubles
from services.segments.queries.sign_ups import differing_in
from services.segments.rules.systems import SystemNeed, need_of
from services.segments.store.systems import connections, inbox
from shared.access.people import May
from shared.database.pool import Tx
from shared.localtime import local_date, zone_named
from shared.web.access_control import me, my_hotels, scope
from shared.web.i18n.formatting import near_day, number, place
from shared.web.pages.needs import Weight
from shared.web.site import here

Need = dict[str, Any]
MOST_FOLLOW_UPS = 3
"""Companies named one by one; more are one line."""


def needs_of_today(tx: Tx, today: date) -> list[Need]:
    """`today`: where follow-ups are due by day."""
    found: list[Need] = []
    if me().may(May.ADMINISTER):
        found += _systems(tx)
    if me().may(May.CARE):
        found += _counted(
            open_doubles(tx, scope()),
            gettext("Pairs of guests who might be the same person: %(count)s"),
            "/segments/duplicates",
        )
        found += _counted(
            differing_in(tx, scope()),
            gettext("Sign-ups that differ from what is known of the guest: %(count)s"),
            "/segments/sign-ups/differences",
        )
    if me().may(May.SEE_GUESTS):
        found += _follow_ups(*follow_ups(tx, today), today)
    return found


def follow_ups(tx: Tx, today: date) -> tuple[list[FollowUp], int]:
    return company_queries.due_follow_ups(tx, scope(), me().person_id, today, MOST_FOLLOW_UPS)


def _counted(count: int, text: str, url: str) -> Iterator[Need]:
    if count:
        told = text % {"count": number(count)}
        yield {"text": told, "url": url, "tone": "look", "count": count, "weight": Weight.TIDY}


def _follow_ups(found: list[FollowUp], count: int, today: date) -> Iterator[Need]:
    if count > len(found):
        text = ngettext(
            "%(count)s company is to be followed up", "%(count)s companies are to be followed up", count, count=count
        )
        yield {"text": text, "url": "/segments/companies", "tone": "look", "count": count, "weight": Weight.COLLEAGUE}
        return
    for one in found:
        text = (
            gettext("Follow up with %(company)s today")
            if one.due_on == today
            else gettext("Follow up with %(company)s: it was due before today")
        )
        url = f"/segments/companies/{one.id}"
        yield {"text": text % {"company": one.name}, "url": url, "tone": "look", "count": 1, "weight": Weight.COLLEAGUE}


def _systems(tx: Tx) -> Iterator[Need]:
    """Nothing while nothing is connected."""
    live = [one for one in connections.connections(tx) if one.ended_at is None]
    if not live:
        return
    left, hotels = inbox.counts(tx), my_hotels()
    zone = hotels[0].zone if hotels else "UTC"
    for one in live:
        _, unread = left.get(one.connection_id, (0, 0))
        asked_at = one.poll_at if one.address else None
        need = need_of(one.trouble, one.heard_at, one.made_at, asked_at, unread, here().now())
        if need is None:
            continue
        url = f"/segments/systems/{one.connection_id}"
        match need:
            case SystemNeed.CREDENTIALS:
                text = gettext(
                    "«%(system)s» no longer accepts our credentials: its reservations do not come", system=one.source
                )
            case SystemNeed.SILENT:
                since = _hour(one.heard_at or one.made_at, zone)
                text = gettext("«%(system)s» has not answered since %(since)s", system=one.source, since=since)
            case SystemNeed.UNREAD:
                text = gettext(
                    "Reservations of «%(system)s» that could not be read: %(count)s",
                    system=one.source,
                    count=number(unread),
                )
            case _:
                assert_never(need)
        tone = "look" if need is SystemNeed.UNREAD else "bad"
        count = unread if need is SystemNeed.UNREAD else 1
        yield {"text": text, "url": url, "tone": tone, "count": count, "weight": Weight.DATA}


def _hour(at: datetime, zone: str) -> str:
    """In plain text: the home page is console's."""
    there = at.astimezone(zone_named(zone))
    return f"{near_day(there.date(), local_date(here().now(), zone))} {there:%H:%M} ({place(zone)})"
