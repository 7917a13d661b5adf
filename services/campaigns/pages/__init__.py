"""The pages of campaigns: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.campaigns.pages import editor, guests, home, journeys, launch, people

PAGES: tuple[Blueprint, ...] = (
    journeys.found,
    editor.found,
    launch.found,
    people.found,
    guests.found,
    home.found,
)
