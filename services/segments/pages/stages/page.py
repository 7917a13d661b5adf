"""Lifecycle: how many guests are in each stage, who went on this month, and by which rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.segments.commands.stages import MONTHS, set_up_stages
from services.segments.pages.segments.views import names, rule_words
from services.segments.queries.stages import Turned, rules_of, sizes_of, turns_of
from services.segments.store.stages import are_set_up
from shared.access.people import May
from shared.vocabulary.stage import Stage
from shared.vocabulary.window import Span, last_windows
from shared.web.access_control import chosen_hotel, me, needs, scope
from shared.web.charts import spark
from shared.web.i18n.formatting import dates_of
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_stages", __name__, url_prefix="/segments/lifecycle")


@dataclass(frozen=True)
class StageLine:
    """`entered`, `left`: in the month shown. `rule_key`: of the segment that holds its rule."""

    stage: Stage
    guests: int
    entered: int
    left: int
    course: Markup
    rule: str
    rule_key: str


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    months = [one.first for one in last_windows(Span.MONTH, here().now().date(), MONTHS)]
    with here().transaction() as tx:
        ready = are_set_up(tx)
        rules = {key: rule_words(rule, names(tx)) for key, rule in rules_of(tx).items()} if ready else {}
        sizes = sizes_of(tx, scope()) if ready else {}
        turns = turns_of(tx, months[0], scope()) if ready else []
    month = _month(months)
    hotel = chosen_hotel()
    return render_template(
        "lifecycle.html",
        ready=ready,
        lines=lines_of(turns, sizes, rules, months, month),
        total=sum(sizes.values()),
        turns=sorted((one for one in turns if one.month == month), key=lambda one: -one.turns),
        stages={str(one): one for one in Stage},
        months=[(one.isoformat(), dates_of(one, "yMMMM")) for one in reversed(months)],
        month=month.isoformat(),
        month_words=dates_of(month, "yMMMM"),
        hotel=hotel.name if hotel else "",
        label=label,
        may_change=me().may(May.CONFIGURE),
        may_see_guests=me().may(May.SEE_GUESTS),
    )


@pages.post("")
@needs(May.CONFIGURE)
def set_up() -> Response:
    with here().transaction() as tx:
        set_up_stages(tx, me(), here().now())
    flash(gettext("The stages are set up. Guests are looked through in the background."))
    return redirect("/segments/lifecycle", 303)


def lines_of(
    turns: list[Turned], sizes: dict[str, int], rules: dict[str, str], months: list[date], month: date
) -> list[StageLine]:
    entered, left, courses = Counter[str](), Counter[str](), Counter[tuple[str, date]]()
    for one in turns:
        courses[one.now, one.month] += one.turns
        if one.month == month:
            entered[one.now] += one.turns
            left[one.before] += one.turns
    return [
        StageLine(
            stage,
            sizes.get(stage, 0),
            entered[stage],
            left[stage],
            spark(
                [courses[stage, one] for one in months],
                gettext("Guests who came into this stage, month by month: %(stage)s", stage=label(stage)),
            ),
            rules.get(rule_key := stage.replace("stage-", "stage-rule-"), ""),
            rule_key,
        )
        for stage in Stage
    ]


def _month(months: list[date]) -> date:
    """The month that is asked for, else this one."""
    asked = request.args.get("month", "")
    return next((one for one in months if one.isoformat() == asked), months[-1])
