"""A segment's figures: how it grew, what it shares with another, who is in and why; copies, frozen lists, exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pygal
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.segments.commands.segments.edit import copy_segment, put_in_folder
from services.segments.commands.segments.lifecycle import live_segment
from services.segments.commands.segments.lists import MOST_AT_ONCE, freeze
from services.segments.pages.segments.views import names, rule_words, segment_names
from services.segments.queries import segments as queries
from services.segments.queries.audiences.exports import exports_of
from services.segments.store.segments import Segment
from services.segments.store.tags import known_tags
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.access_control import me, needs, scope
from shared.web.charts import PLAIN, draw
from shared.web.i18n.formatting import day, number
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

pages = Blueprint("segments_about", __name__, url_prefix="/segments/segments/<key>")
CURVE_DAYS = 90
MOST_SUGGESTED = 500


@pages.get("/about")
@needs(May.CONFIGURE)
def about(key: str) -> str:
    with here().transaction() as tx:
        return _page(tx, live_segment(tx, key))


@pages.post("/copies")
@needs(May.CONFIGURE)
def copy(key: str) -> Response:
    with here().transaction() as tx:
        name = gettext("Copy of %(name)s", name=shown_name(live_segment(tx, key).name))
        saved = copy_segment(tx, key, name, me(), here().now())
    flash(gettext("Copied. Give it a name and change what you like."))
    return redirect(f"/segments/segments/{saved.key}", 303)


@pages.post("/folder")
@needs(May.CONFIGURE)
def put_away(key: str) -> Response:
    with here().transaction() as tx:
        put_in_folder(tx, key, request.form.get("folder", ""), me(), here().now())
    flash(gettext("Saved."))
    return redirect(f"/segments/segments/{key}/about", 303)


@pages.post("/lists")
@needs(May.CONFIGURE)
def freeze_as_list(key: str) -> Response | tuple[str, int]:
    name = request.form.get("name", "")
    try:
        with here().transaction() as tx:
            made = freeze(tx, key, name, me(), here().now())
    except InputError:
        problem = gettext(
            "A list needs a name of up to 120 characters, and holds at most %(most)s guests.",
            most=number(MOST_AT_ONCE),
        )
        with here().transaction() as tx:
            return _page(tx, live_segment(tx, key), problem, name), 422
    count = number(made.members)
    flash(
        ngettext(
            "%(count)s guest is on the list. It stays as it is, whatever becomes of the segment.",
            "%(count)s guests are on the list. It stays as it is, whatever becomes of the segment.",
            made.members,
            count=count,
        )
    )
    return redirect("/segments/segments/lists", 303)


def _page(tx: Tx, segment: Segment, problem: str = "", name: str = "") -> str:
    today = here().now().date()
    days = queries.sizes_by_day(tx, today - timedelta(days=CURVE_DAYS), segment.number).get(segment.number, [])
    known = segment_names(tx)
    other = request.args.get("with", "")
    if other and other not in known:
        abort(404)
    return render_template(
        "segment_about.html",
        segment=segment,
        folder=queries.folder_of(tx, segment.number),
        folders=queries.folders(tx),
        sentence=rule_words(segment.rule, names(tx)),
        days=[*reversed(days)],
        chart=_curve(days, shown_name(segment.name)) if len(days) > 1 else None,
        others={one: text for one, text in known.items() if one != segment.key},
        other=other,
        other_name=known.get(other, ""),
        overlap=queries.overlap(tx, segment.key, other, scope()) if other else None,
        exports=exports_of(tx, segment.number, me().person_id, here().now()),
        today=today,
        known_tags=known_tags(tx, MOST_SUGGESTED),
        problem=problem,
        wished=name or gettext("%(name)s, %(day)s", name=shown_name(segment.name), day=day(today)),
    )


def _curve(days: Any, name: str) -> Markup:
    """How many were in as each day ended; a label a fortnight."""
    sizes = [size for _, size in days]
    chart = pygal.Line(
        **{**PLAIN, "margin": 8, "margin_right": 56},
        width=640,
        height=180,
        range=(0, max([*sizes, 1])),
        show_dots=False,
        show_minor_x_labels=False,
        truncate_label=-1,
    )
    chart.x_labels = [day(one) for one, _ in days]
    chart.x_labels_major = [day(one) for one, _ in days[:: max(len(days) // 4, 1)]]
    chart.add("", sizes)
    return draw(chart, gettext("Guests in «%(name)s», day by day", name=name))
