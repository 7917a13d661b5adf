"""Asks the other services for their part of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from shared.web.access_control import chosen_hotel
from shared.web.site import ask_neighbours


def ask(services: Iterable[str], page: str) -> dict[str, dict[str, Any] | None]:
    """`GET /<service>/<page>` of each at once, as the person signed in; None where a service does not answer."""
    hotel = chosen_hotel()
    query = urlencode({"hotel": hotel.code if hotel else ""})
    paths = {service: f"/{service}/{page}?{query}" for service in services}
    answers = ask_neighbours(paths.values())
    found = {service: answers[path] for service, path in paths.items()}
    return {service: answer if isinstance(answer, dict) else None for service, answer in found.items()}


def silence_of(service: str) -> str:
    """What a page lacks while a service does not answer."""
    return {
        "segments": gettext("Guests and stays do not answer: the latest data of each hotel is not shown."),
        "campaigns": gettext("Journeys do not answer: their guests are not shown."),
        "messaging": gettext("Sending does not answer: planned and held messages are not shown."),
        "feedback": gettext("Feedback does not answer: scores and open cases are not shown."),
    }[service]
