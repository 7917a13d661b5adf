"""The state of this service's bus, the same routes in every service: figures for the delivery page, dead letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shared.access.audit import record
from shared.access.people import May
from shared.bus import dead_letters, matching_letters, set_aside
from shared.bus.matching_letters import Wanted
from shared.bus.partitions.turns import RELAY_LOCK
from shared.bus.subscriptions import Subscription
from shared.database.pool import Tx
from shared.web.access_control import me, needs
from shared.web.pages.needs import Weight
from shared.web.site import here

MOST_SHOWN = 100
LONGEST = 20.0  # seconds that a request works at all that match: the gateway waits for sixty
LONGEST_NUMBER = 19  # digits
ASKED = ("concern", "type", "key", "reason")


def blueprint(service: str, subscriptions: Iterable[Subscription]) -> Blueprint:
    """`subscriptions`: the service's, whose handlers get a dead letter again on replay."""
    found = Blueprint("delivery", __name__, url_prefix=f"/{service}")
    its = tuple(subscriptions)

    @found.get("/delivery")
    @needs(May.OPERATE)
    def figures() -> Response:
        with here().transaction() as tx:
            return jsonify(service=service, **figures_of(tx, [subscription.name for subscription in its]))

    @found.get("/dead-letters")
    @needs(May.OPERATE)
    def letters() -> str:
        asked = {name: request.args.get(name, "").strip() or None for name in ASKED}
        wanted = _wanted(request.args)
        with here().transaction() as tx:
            shown = dead_letters.search(
                tx,
                subscription=wanted.subscription,
                type_name=wanted.type_name,
                key=wanted.key,
                reason=wanted.reason,
                most=MOST_SHOWN,
            )
            kinds, aside = dead_letters.kinds(tx), set_aside.waiting(tx, MOST_SHOWN)
            matching, newest = matching_letters.count(tx, wanted)
            details = {"count": len(shown) + len(aside), "filter": wanted.asked}
            record(tx, me(), "dead_letters.listed", f"service {service}", details, here().now())
        return render_template(
            "web/dead_letters.html",
            service=service,
            letters=shown,
            kinds=kinds,
            asked=asked,
            aside=aside,
            matching=matching,
            newest=newest,
        )

    @found.get("/dead-letters/<int:number>")
    @needs(May.OPERATE)
    def letter(number: int) -> str:
        with here().transaction() as tx:
            shown = dead_letters.show(tx, number)
        return render_template("web/dead_letter.html", service=service, letter=shown)

    @found.post("/dead-letters/replay")
    @needs(May.OPERATE)
    def replay() -> Response:
        if newest := _newest():
            site, wanted = here(), replace(_wanted(request.form), until=newest)
            done = matching_letters.replay_all(
                site.database, wanted, site.clock, note=_note, subscriptions=its, within=LONGEST
            )
            _flash_replayed(done.worked, done.tried, done.left)
            return redirect(f"/{service}/dead-letters", 303)
        ids, now = _ids(), here().now()
        with here().transaction() as tx:
            applied = dead_letters.replay(tx, ids, now, subscriptions=its)
            record(tx, me(), "dead_letters.replayed", f"service {service}", {"ids": ids, "applied": applied}, now)
        _flash_replayed(applied, len(ids))
        return redirect(f"/{service}/dead-letters", 303)

    @found.post("/dead-letters/drop")
    @needs(May.OPERATE)
    def drop() -> Response:
        ids, now = _ids(), here().now()
        if newest := _newest():
            site, wanted = here(), replace(_wanted(request.form), until=newest)
            dropped = matching_letters.drop_all(site.database, wanted, site.clock, note=_note, within=LONGEST).worked
        else:
            with here().transaction() as tx:
                dropped = dead_letters.drop(tx, ids)
                record(tx, me(), "dead_letters.dropped", f"service {service}", {"ids": ids, "dropped": dropped}, now)
        flash(ngettext("%(num)d message was dropped.", "%(num)d messages were dropped.", dropped))
        return redirect(f"/{service}/dead-letters", 303)

    @found.post("/set-aside/retry")
    @needs(May.OPERATE)
    def retry() -> Response:
        ids, now = _ids(), here().now()
        with here().transaction() as tx:
            freed = set_aside.try_again(tx, ids, now)
            record(tx, me(), "set_aside.tried_again", f"service {service}", {"ids": ids, "freed": freed}, now)
        flash(ngettext("%(num)d item is tried again.", "%(num)d items are tried again.", freed))
        return redirect(f"/{service}/dead-letters", 303)

    return found


def waiting_for_a_person(tx: Tx) -> list[dict[str, Any]]:
    """What of this service home shows to those who operate: what was set aside, and where it is tried again."""
    if not me().may(May.OPERATE):
        return []
    (letters,) = tx.execute("select count(*)::int from dead_letter").fetchone() or (0,)
    count = letters + set_aside.count_waiting(tx)
    if not count:
        return []
    text = ngettext(
        "%(num)s item of «%(service)s» could not be worked on and waits for you",
        "%(num)s items of «%(service)s» could not be worked on and wait for you",
        count,
        service=tx.service,
    )
    url = f"/{tx.service}/dead-letters"
    return [{"text": text, "url": url, "tone": "bad", "count": count, "weight": Weight.SENDING}]


def _note(tx: Tx, action: str, subject: str, details: dict[str, Any], at: datetime) -> None:
    record(tx, me(), action, subject, details, at)


def _ids() -> list[int]:
    return sorted({int(text) for text in request.form.getlist("id") if text.isdecimal()})[:MOST_SHOWN]


def _newest() -> int:
    """Of all that matched as they were shown; 0 where some are chosen by their number."""
    text = request.form.get("newest", "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_NUMBER else 0


def _wanted(given: Mapping[str, str]) -> Wanted:
    concern, type_name, key, reason = (given.get(name, "").replace("\x00", "").strip() or None for name in ASKED)
    return Wanted(subscription=concern, type_name=type_name, key=key, reason=reason)


def _flash_replayed(applied: int, tried: int, left: int = 0) -> None:
    if applied:
        flash(ngettext("%(num)d message was applied.", "%(num)d messages were applied.", applied))
    if failed := tried - applied:
        text = ngettext("%(num)d message still cannot be applied.", "%(num)d messages still cannot be applied.", failed)
        flash(text, "problem")
    if left:
        text = ngettext(
            "%(num)d message was not reached in this time: replay again.",
            "%(num)d messages were not reached in this time: replay again.",
            left,
        )
        flash(text, "problem")


def figures_of(tx: Tx, subscriptions: list[str]) -> dict[str, Any]:
    """What the service's own database knows of its bus; ages in seconds. A broker's queues are not seen from here."""
    now = here().now()
    pending, oldest, put_off, error = tx.execute(OUTBOX).fetchone() or (0, None, 0, None)
    waiting = {name: (count, since) for name, count, since in tx.execute(MAILBOX)}
    letters, aside, received_at, relay = tx.execute(REST, {"lock": RELAY_LOCK}).fetchone() or (0, 0, None, False)
    return {
        "outbox": {"pending": pending, "age": _age(now, oldest), "put_off": put_off, "error": error},
        "mailbox": [
            {"concern": name, "waiting": count, "age": _age(now, since)}
            for name in sorted({*subscriptions, *waiting})
            for count, since in [waiting.get(name, (0, None))]
        ],
        "dead_letters": letters + aside,
        "heard_at": received_at.isoformat() if received_at else None,
        "relay": relay,
    }


def _age(now: Any, since: Any) -> int | None:
    return None if since is None else max(0, (now - since) // timedelta(seconds=1))


OUTBOX = """
    select count(*)::int, min(created_at), count(*) filter (where attempts > 0)::int, max(last_error)
    from outbox where published_at is null
"""
MAILBOX = "select concern, count(*)::int, min(available_at) from mailbox group by concern"
REST = """
    select (select count(*)::int from dead_letter),
        (select count(*)::int from set_aside where again_at is null),
        (select max(received_at) from inbox),
        exists (
            select from pg_locks
            where locktype = 'advisory' and objid = %(lock)s
              and database = (select oid from pg_database where datname = current_database())
        )
"""
