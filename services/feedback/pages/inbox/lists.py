"""Who wrote, who waits, who looks after it? The list of conversations, which renews itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from services.feedback.pages.guest_words import Words
from services.feedback.pages.inbox import labels as told
from services.feedback.pages.inbox.seen import INBOX
from services.feedback.pages.inbox.waits import medians
from services.feedback.pages.places import place_in, place_of
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import MEDIAN_DAYS, View
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.web.access_control import hotels_in_scope, me, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import Contacts, listed
from shared.web.site import here

LONGEST_SOUGHT = 80


@INBOX.get("")
@needs(May.SEE_GUESTS)
def show() -> Response | str:
    """A page of the list. Asked again by the page itself, it has an answer only where something is different."""
    asked = _filter()
    with here().transaction() as tx:
        found = queries.threads(tx, asked)
        page, more = found[: queries.A_PAGE], found[queries.A_PAGE :]
        counts = queries.counts(tx, asked.scope, me().person_id, asked.now)
        mark = _mark(page, counts)
        if request.args.get("mark") == mark:
            return Response(status=204)
        filters = {
            "view": str(asked.view),
            "channel": asked.channel,
            "search": bool(asked.sought),
            "later_page": asked.after is not None,
        }
        listed(tx, "inbox.listed", "inbox", filters, lines=len(page))
        said = queries.last_said(tx, page, asked.scope)
        waits = [] if is_fragment() else medians(tx, hotels_in_scope(), asked.now)
    return render_template(
        "_inbox.html" if is_fragment() else "inbox.html",
        threads=page,
        said=said,
        counts=counts,
        asked=asked,
        mark=mark,
        medians=waits,
        median_days=MEDIAN_DAYS,
        next=place_of(page[-1].place_at, page[-1].thread_id) if more else "",
        told=told,
        words=Words(Contacts()),
    )


@INBOX.get("/unread")
@needs(May.SEE_GUESTS)
def unread() -> str:
    """How many are unread, for the navigation of every page."""
    with here().transaction() as tx:
        count = queries.count_unread(tx, scope())
    said = ngettext("%(num)s unread conversation", "%(num)s unread conversations", count) if count else ""
    return render_template("_inbox_unread.html", count=count, said=said)


def _filter() -> queries.ThreadFilter:
    view, channel = request.args.get("view", ""), request.args.get("channel", "")
    return queries.ThreadFilter(
        view=View(view) if view in list(View) else View.OPEN,
        channel=channel if channel in list(Channel) else "",
        sought=request.args.get("q", "").strip()[:LONGEST_SOUGHT],
        scope=scope(),
        me=me().person_id,
        now=here().now(),
        after=place_in(request.args.get("after", "")),
        contacts=me().may(May.SEE_CONTACTS),
    )


def _mark(page: Sequence[queries.ThreadLine], counts: queries.Counts) -> str:
    """Of what the page shows: another one, once something of it has changed."""
    shown = [(str(line.thread_id), line.touched) for line in page]
    return hashlib.blake2b(repr((shown, counts)).encode(), digest_size=8).hexdigest()
