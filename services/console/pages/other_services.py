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
        "segments": gettext("Guests and stays do not answer: when each hotel was last heard of is left out."),
        "campaigns": gettext("Journeys do not answer: who is in them is left out."),
        "messaging": gettext("Sending does not answer: what is planned and what is held up is left out."),
        "feedback": gettext("Cases and answers do not answer: scores and open cases are left out."),
    }[service]
