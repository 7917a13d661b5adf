"""The pages of campaigns: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.campaigns.pages import own_days
from services.campaigns.pages.editor import routes as editor
from services.campaigns.pages.guests import people, story
from services.campaigns.pages.journeys import home, launch, reminder
from services.campaigns.pages.journeys import routes as journeys

PAGES: tuple[Blueprint, ...] = (
    journeys.found,
    editor.found,
    launch.found,
    people.found,
    story.found,
    home.found,
    reminder.found,
    own_days.found,
)
