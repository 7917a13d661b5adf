"""One conversation: what was said, its state, and the form of an answer. Only what was said renews itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from flask import render_template, request
from werkzeug.wrappers import Response

from services.feedback.pages import labels
from services.feedback.pages.guest_words import Words
from services.feedback.pages.inbox import labels as told
from services.feedback.pages.inbox.seen import INBOX, hands_of, same_person, visible_thread
from services.feedback.queries.inbox import candidates, lines
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import LONGEST
from services.feedback.store.inbox import canned, presence, recognitions
from services.feedback.store.inbox.answers import Way, way_to, way_to_stranger
from services.feedback.store.properties import names_of
from services.feedback.store.reply_pictures import of_replies
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.contacts import on_the_page_of
from shared.web.site import here

MOST = 200
"""Lines of each kind that a conversation shows, the last ones."""
LONGEST_SOUGHT = 80


@dataclass(frozen=True)
class Draft:
    """An answer as it was typed, and what is wrong with it. `canned_picture`: the canned answer whose picture goes
    with it.
    """

    words: str = ""
    channel: str = ""
    answer_id: str = ""
    seen: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    canned_picture: str = ""
    alt: str = ""


@INBOX.get("/<uuid:thread_id>")
@needs(May.SEE_GUESTS)
def show_thread(thread_id: UUID) -> str:
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        record(tx, me(), "thread.viewed", f"thread {thread_id}", {}, here().now())
        return page_of(tx, thread, Draft(), request.args.get("who", "").strip()[:LONGEST_SOUGHT])


@INBOX.get("/<uuid:thread_id>/live")
@needs(May.SEE_GUESTS)
def live(thread_id: UUID) -> Response | str:
    """What is new in it; nothing where nothing is."""
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        shown = _shown(tx, thread)
        if request.args.get("mark") == shown["mark"]:
            return Response(status=204)
        return render_template("_thread_live.html", **shown, **_said(tx, thread, same_person(tx, thread)), renewed=True)


def page_of(tx: Tx, thread: queries.ThreadLine, draft: Draft, who: str = "") -> str:
    """The whole page, with what somebody typed already; `who`: the guest that is looked for."""
    guests = same_person(tx, thread)
    ways = ways_back(tx, thread, guests)
    last = thread.channel if thread.channel in ways else next(iter(ways), None)
    channel = draft.channel if draft.channel in ways else last
    way = ways.get(Channel(channel)) if channel else None
    hotel = way.property if way else thread.property
    return render_template(
        "thread.html",
        **_shown(tx, thread),
        **_said(tx, thread, guests),
        renewed=False,
        draft=draft,
        answer_id=draft.answer_id or str(uuid4()),
        ways=[(str(one), told.channel(one)) for one in ways],
        channel=channel,
        open_until=_open_until(ways),
        has_closed=not ways and Channel(thread.channel).window is not None,
        from_hotel=names_of(tx, [hotel]).get(hotel) if hotel else None,
        longest=max((LONGEST[one] for one in ways), default=0),
        canned=canned.for_hotel(tx, hotel) if ways else [],
        recognised=recognitions.of_guests(tx, guests) if me().may(May.CARE) else [],
        **(_who_it_is(tx, thread, who) if thread.guest_id is None and me().may(May.CARE) else {}),
    )


def ways_back(tx: Tx, thread: queries.ThreadLine, guests: Sequence[UUID]) -> dict[Channel, Way]:
    """By which channels they can be answered, and where."""
    if thread.guest_id is None:
        channel = Channel(thread.channel)
        way = way_to_stranger(tx, channel, thread.point)
        return {channel: way} if way and _is_open(channel, way) else {}
    hotels = me().scope.values
    return {one: way for one in Channel if (way := way_to(tx, guests, one, hotels)) and _is_open(one, way)}


def _is_open(channel: Channel, way: Way) -> bool:
    return channel.window is None or here().now() < way.received_at + channel.window


def _open_until(ways: Mapping[Channel, Way]) -> list[tuple[str, datetime]]:
    """Of the channels that take an answer for a while only: by which, and until when."""
    return [(told.channel(one), way.received_at + one.window) for one, way in ways.items() if one.window]


def _who_it_is(tx: Tx, thread: queries.ThreadLine, who: str) -> dict[str, Any]:
    """The guests a stranger may be: those who share the point, and those who were looked for."""
    sharing = candidates.sharing(tx, thread.point, me().scope)
    found = candidates.looked_for(tx, who, me().scope) if who else []
    listed = {one.guest_id for one in sharing}
    return {"sharing": sharing, "found": [one for one in found if one.guest_id not in listed], "who": who}


def _shown(tx: Tx, thread: queries.ThreadLine) -> dict[str, Any]:
    """What tells whether anything is new: the thread, who else is answering, how many are unread."""
    now = here().now()
    others = presence.others(tx, thread.thread_id, me(), now)
    unread = queries.count_unread(tx, me().scope)
    mark = f"{thread.touched}.{thread.is_snoozed(now):d}.{unread}.{'+'.join(others)}"
    return {"thread": thread, "others": others, "unread": unread, "mark": mark, "now": now}


def _said(tx: Tx, thread: queries.ThreadLine, guests: Sequence[UUID]) -> dict[str, Any]:
    scope = me().scope
    replies = lines.replies(tx, thread, guests, scope, MOST)
    found: list[tuple[Any, str, object]] = [(one.received_at, "reply", one) for one in replies]
    found += [(one.sent_at, "sent", one) for one in lines.sent(tx, guests, scope, MOST)]
    found += [(one.answered_at, "answer", one) for one in lines.answers(tx, guests or [thread.thread_id], scope, MOST)]
    contacts = on_the_page_of(tx, thread.subject())
    return {
        "timeline": _in_order(found),
        "pictures": of_replies(tx, [one.reply_id for one in replies]),
        "visible_words": Words(contacts),
        "contacts": contacts,
        "hands": hands_of(tx, thread) if me().may(May.CARE) else [],
        "labels": labels,
        "told": told,
    }


def _in_order(found: Sequence[tuple[Any, str, object]]) -> list[tuple[Any, str, object]]:
    """The last ones, the oldest first."""
    return sorted(found, key=itemgetter(0, 1))[-MOST:]
