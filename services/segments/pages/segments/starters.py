"""Segments to start from."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext

from services.segments.pages.segments.views import names, rule_words
from services.segments.shipped.starters import STARTERS, Theme
from shared.access.people import May
from shared.web.access_control import needs
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_starters", __name__, url_prefix="/segments/segments/templates")


@pages.get("")
@needs(May.CONFIGURE)
def starters() -> str:
    with here().transaction() as tx:
        known = names(tx)
    themes = [
        (
            label(theme),
            [(one.key, gettext(one.name), rule_words(one.rule, known)) for one in STARTERS if one.theme is theme],
        )
        for theme in Theme
    ]
    return render_template("segment_starters.html", themes=themes)
