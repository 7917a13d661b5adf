"""The pages of campaigns: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.campaigns.pages import key_figures, own_days, returns
from services.campaigns.pages.broadcasts import approval
from services.campaigns.pages.broadcasts import routes as broadcasts
from services.campaigns.pages.calendar import routes as calendar
from services.campaigns.pages.editor import canvas
from services.campaigns.pages.editor import routes as editor
from services.campaigns.pages.guests import people, story
from services.campaigns.pages.journeys import beginning, home, launch, moves, reminder, results, splits
from services.campaigns.pages.journeys import routes as journeys
from services.campaigns.pages.rehearsals import routes as rehearsals

PAGES: tuple[Blueprint, ...] = (
    journeys.found,
    beginning.found,
    editor.found,
    canvas.found,
    launch.found,
    people.found,
    story.found,
    home.found,
    reminder.found,
    rehearsals.found,
    splits.found,
    results.found,
    calendar.found,
    broadcasts.found,
    approval.found,
    approval.rules,
    own_days.found,
    moves.found,
    key_figures.KEY_FIGURES,
    returns.pages,
)
