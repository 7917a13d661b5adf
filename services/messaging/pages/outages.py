"""What waits and cannot go: a sender takes nothing, or no sender is at work. Nobody reads «it goes out» meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext, ngettext

from services.messaging.pages.template_context import stop_zone
from services.messaging.queries.scope import MESSAGE_SEEN
from services.messaging.store.senders.outages import RUNNING, WAITS_FOR_IT, Outage, standing
from shared.access.scope import Scope
from shared.bus.roles import MOST_COUNTED
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.vocabulary.channel import Channel
from shared.vocabulary.reason import Reason
from shared.web.access_control import scope
from shared.web.i18n.formatting import near_day
from shared.web.i18n.labels import label
from shared.web.site import here

NOBODY = ""
STARTS_WITHIN = timedelta(minutes=1)  # a sender that is renewed claims again before that


def told(tx: Tx) -> list[tuple[str, int, str]]:
    """Each in words, how many messages wait, of those that whoever reads this sees, and the sender that keeps them."""
    now, found = here().now(), []
    for one in standing(tx, now):
        if seen := _waiting(tx, scope(), one.sender):
            found.append((sentence(one, seen), seen, one.sender))
    due, since = _due_and_nobody_sends(tx, scope(), now)
    if due and since:
        text = ngettext(
            "%(num)s message waits and no sender is running: it was due %(when)s",
            "%(num)s messages wait and no sender is running: the first was due %(when)s",
            due,
            when=_clock(since),
        )
        found.append((text, due, NOBODY))
    return found


def sentence(outage: Outage, waiting: int) -> str:
    who = _who(outage)
    if outage.reason == Reason.SET_UP:
        return ngettext(
            "%(num)s message waits: %(who)s has refused our account since %(when)s",
            "%(num)s messages wait: %(who)s has refused our account since %(when)s",
            waiting,
            who=who,
            when=_clock(outage.since),
        )
    return ngettext(
        "%(num)s message waits: %(who)s has not answered since %(when)s",
        "%(num)s messages wait: %(who)s has not answered since %(when)s",
        waiting,
        who=who,
        when=_clock(outage.since),
    )


def _who(outage: Outage) -> str:
    if outage.name:
        return gettext("the sender «%(name)s»", name=outage.name)
    if outage.channel == Channel.EMAIL:
        return gettext("the mail server")
    return gettext("the provider of %(channel)s", channel=label(Channel(outage.channel)))


def _clock(at: datetime) -> str:
    """«17:38» today, «yesterday 17:38» before; at the first hotel."""
    zone = stop_zone()
    there, today = at.astimezone(ZoneInfo(zone)), local_date(here().now(), zone)
    return f"{there:%H:%M}" if there.date() == today else f"{near_day(there.date(), today)} {there:%H:%M}"


def _waiting(tx: Tx, seen_by: Scope, sender: str) -> int:
    row = tx.execute(
        f"""
        select count(*)::int from (
            select from delivery as message left join recipient as guest using (guest_id),
                (select %(sender)s as sender) as outage
            where {WAITS_FOR_IT} and {MESSAGE_SEEN} limit {MOST_COUNTED}) as waiting
        """,
        {**seen_by.values, "sender": sender},
    ).fetchone()
    assert row is not None
    return int(row[0])


def _due_and_nobody_sends(tx: Tx, seen_by: Scope, now: datetime) -> tuple[int, datetime | None]:
    """How many, and since when the first of them; nothing while a sender is at work."""
    row = tx.execute(
        f"""
        select count(*)::int, min(next_at) from (
            select next_at from delivery as message left join recipient as guest using (guest_id)
            where state in ('queued', 'held') and next_at <= %(since)s and {RUNNING} = 0 and {MESSAGE_SEEN}
            order by next_at limit {MOST_COUNTED}) as due
        """,
        {**seen_by.values, "since": now - STARTS_WITHIN},
    ).fetchone()
    assert row is not None
    return row[0], row[1]
