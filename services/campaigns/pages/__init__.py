"""The pages of campaigns: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.campaigns.pages.editor import routes as editor
from services.campaigns.pages.guests import people, story
from services.campaigns.pages.journeys import beginning, home, launch, moves, reminder, splits
from services.campaigns.pages.journeys import routes as journeys

PAGES: tuple[Blueprint, ...] = (
    journeys.found,
    beginning.found,
    editor.found,
    launch.found,
    people.found,
    story.found,
    home.found,
    reminder.found,
    splits.found,
    moves.found,
)
