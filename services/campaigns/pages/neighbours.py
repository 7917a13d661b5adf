"""What pages of campaigns ask other services for: names of segments, templates, guests. The silent are left out.

Asked while a page is made, with the reader's own cookie, so that nobody sees more here than there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from services.campaigns.pages.sentences.names import of_offers
from services.campaigns.steps.anchors import OWN
from shared.web.site import ask_neighbours

SEGMENTS, TEMPLATES = "/segments/segments/choices", "/messaging/templates/choices"
FORMS, OFFERS = "/segments/sign-ups/choices", "/messaging/offers/choices"
DATES = "/segments/segments/dates/names"


@dataclass(frozen=True)
class Choices:
    """Segments, templates, sign-up forms, offers and the house's own dates by key, with their names; empty where
    nobody answered. `heard_templates`: messaging did. `lunar_dates`: those that come again by the lunar calendar."""

    segments: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    heard_templates: bool = False
    live_offers: frozenset[str] | None = None  # None: messaging did not say
    heard_segments: bool = False
    dates: Mapping[str, str] = field(default_factory=dict)
    lunar_dates: frozenset[str] = frozenset()

    @property
    def names(self) -> dict[str, str]:
        return {**self.forms, **self.templates, **self.segments, **of_offers(self.offers), **self.dates}


def choices() -> Choices:
    return _read(ask_neighbours([SEGMENTS, TEMPLATES, FORMS, OFFERS]))


def story_names() -> dict[str, str]:
    """For a guest's story: whoever may read it and change no journey is told the names of the dates at least."""
    answers = ask_neighbours([SEGMENTS, TEMPLATES, FORMS, OFFERS, DATES])
    return {**_dates(answers.get(DATES)), **_read(answers).names}


def _read(answers: Mapping[str, Any]) -> Choices:
    return Choices(
        _named(answers[SEGMENTS], "segments"),
        _named(answers[TEMPLATES], "templates"),
        _named(answers.get(FORMS), "forms"),
        _named(answers.get(OFFERS), "offers"),
        isinstance(answers[TEMPLATES], dict),
        _live(answers.get(OFFERS)),
        isinstance(answers[SEGMENTS], dict),
        _dates(answers[SEGMENTS]),
        _lunar(answers[SEGMENTS]),
    )


def _dates(answer: Any) -> dict[str, str]:
    return {f"{OWN}{key}": name for key, name in _named(answer, "dates").items()}


def _lunar(answer: Any) -> frozenset[str]:
    rows = answer.get("dates") if isinstance(answer, dict) else None
    return frozenset(f"{OWN}{row['key']}" for row in rows or () if isinstance(row, dict) and row.get("lunar"))


def _live(answer: Any) -> frozenset[str] | None:
    rows = answer.get("offers") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return None
    return frozenset(str(row["key"]) for row in rows if isinstance(row, dict) and row.get("live"))


def guest_names(guests: Iterable[UUID]) -> Mapping[str, str]:
    """By id; empty where segments does not answer."""
    wanted = sorted({str(guest) for guest in guests})
    if not wanted:
        return {}
    path = f"/segments/guests/names?ids={','.join(wanted)}"
    answer = ask_neighbours([path])[path]
    found = answer.get("names", answer) if isinstance(answer, dict) else {}
    return {key: name for key, name in found.items() if isinstance(name, str)} if isinstance(found, dict) else {}


def segment_size(key: str) -> int | None:
    path = f"/segments/segments/{quote(key)}/size"
    answer = ask_neighbours([path])[path]
    if isinstance(answer, dict):
        answer = next((answer[name] for name in ("size", "members", "count") if name in answer), None)
    return answer if isinstance(answer, int) else None


@dataclass(frozen=True)
class Languages:
    """A template's languages, those it lacks, and the channels it is written for."""

    there: tuple[str, ...]
    missing: tuple[str, ...]
    channels: tuple[str, ...] = ()


def template_languages(templates: Iterable[str]) -> dict[str, Languages | None]:
    """By template; None where messaging does not answer."""
    paths = {f"/messaging/templates/{quote(key)}/languages": key for key in templates}
    answers = ask_neighbours(paths) if paths else {}
    return {key: _languages(answers[path]) for path, key in paths.items()}


def _languages(answer: Any) -> Languages | None:
    if not isinstance(answer, dict):
        return None
    there, missing, channels = (answer.get(name) or [] for name in ("languages", "missing", "channels"))
    return Languages(tuple(map(str, there)), tuple(map(str, missing)), tuple(map(str, channels)))


def _named(answer: Any, what: str) -> dict[str, str]:
    rows = answer.get(what) if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return {}
    return {
        str(row["key"]): str(row.get("name") or row["key"]) for row in rows if isinstance(row, dict) and "key" in row
    }
