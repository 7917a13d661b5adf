"""Who is to come again: what the year ahead is to bring, and how the same would have gone a while ago."""

from __future__ import annotations

from collections.abc import Sequence

import pygal
from flask import Blueprint, render_template
from flask_babel import gettext, ngettext
from markupsafe import Markup

from services.segments.queries.prediction.predicted import Tested, compared_lines, last_prediction
from shared.access.people import May
from shared.web.access_control import needs, scope
from shared.web.charts import PLAIN, draw
from shared.web.i18n.formatting import number
from shared.web.site import here

pages = Blueprint("segments_predictions", __name__, url_prefix="/segments/predictions")


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    """It is of all hotels together: whoever sees some of them sees no figures of it."""
    with here().transaction() as tx:
        found = last_prediction(tx) if scope().everywhere else None
        lines = compared_lines(tx, found.as_of) if found else []
    return render_template(
        "predictions.html",
        found=found,
        lines=[(_who(one, lines), one) for one in lines],
        predicted=sum(one.predicted for one in lines),
        came=sum(one.came for one in lines),
        guests=sum(one.guests for one in lines),
        chart=_chart(lines) if lines else None,
        sees_all=scope().everywhere,
    )


def _who(one: Tested, lines: Sequence[Tested]) -> str:
    count = number(one.before)
    if one is lines[-1] and len(lines) > 1:
        return gettext("%(count)s visits before, or more", count=count)
    return str(ngettext("%(count)s visit before", "%(count)s visits before", one.before, count=count))


def _chart(lines: Sequence[Tested]) -> Markup:
    """Two bars a line, labelled by the table below them."""
    chart = pygal.Bar(**{**PLAIN, "margin": 8}, width=560, height=180, y_labels_major_count=3)
    chart.x_labels = [_who(one, lines) for one in lines]
    chart.add("", [round(one.predicted) for one in lines])
    chart.add("", [one.came for one in lines])
    return draw(chart, gettext("Visits predicted and visits that came, by how often guests had come before"))
