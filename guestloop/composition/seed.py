"""Seed an installation: properties, shipped segments, and the shipped journeys launched; the sender installs templates.

It is idempotent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guestloop.composition.services import Group
from services.campaigns.commands.launch import launch
from services.campaigns.shipped import install_shipped as install_journeys
from services.campaigns.store.journeys import documents_of
from services.console.commands.change_property import Property, change_property
from services.segments.commands.segments.lifecycle import install_shipped as install_segments
from services.segments.commands.segments.lifecycle import use_segment
from shared.errors import InputError

BY = "guestloop"
Places = Mapping[str, tuple[str, str]]
"""Country (alpha-2) and zone of properties by code, beside those known."""
NOWHERE_ELSE: Places = {}
KNOWN_PLACES: Mapping[str, tuple[str, str, str]] = {
    "LIS": ("Casa do Tejo Lisboa", "Europe/Lisbon", "PT"),
    "ALG": ("Casa do Mar Algarve", "Europe/Lisbon", "PT"),
    "SHA": ("Riverside House Shanghai", "Asia/Shanghai", "CN"),
}
LEGAL_ENTITY = "Casa do Tejo Hotels"
SIMULATED: Mapping[str, Mapping[str, Any]] = {  # holdouts off, the win-back's condition of two stays lifted
    "birthday": {"holdout": 0},
    "post-stay-survey": {"holdout": 0},
    "win-back": {"holdout": 0, "entry/audience": "lapsed-3-months"},
}


@dataclass(frozen=True)
class Setup:
    """Which properties there are and how the shipped journeys are launched.

    `entries_from`: see `launch`. `journeys`: overrides of the shipped documents by key, and only the segments they
    listen to are kept; None: no journey is launched, and all shipped segments are kept.
    """

    properties: tuple[Property, ...]
    entries_from: date | None = None
    journeys: Mapping[str, Mapping[str, Any]] | None = None

    @classmethod
    def for_export(cls, codes: Iterable[str], places: Places, *, entries_from: date | None = None) -> Setup:
        """One legal entity whose guests know of the survey. Raises `InputError` for a property of unknown place."""
        properties = tuple(_details(code, places) for code in codes)
        if entries_from is None:
            return cls(properties)
        return cls(properties, entries_from, SIMULATED)

    @property
    def zones(self) -> dict[str, str]:
        return {one.code: one.zone for one in self.properties}


def zones_of(places: Places) -> dict[str, str]:
    """The zone of each property by code, of those known and of these."""
    known = {code: zone for code, (_, zone, _) in KNOWN_PLACES.items()}
    return known | {code: zone for code, (_, zone) in places.items()}


def apply_setup(group: Group, setup: Setup, at: datetime) -> list[str]:
    """Raises `InputError` for a journey that cannot be published. The services whose state changed."""
    with group.database("console").transaction() as tx:
        for property_ in setup.properties:
            change_property(tx, property_, BY, at)
    received = _launch_journeys(group, setup, at) if setup.journeys is not None else None
    with group.database("segments").transaction() as tx:
        install_segments(tx, at, only=received)
        for segment in sorted(received or ()):
            use_segment(tx, segment, at)
    return ["console", "campaigns", "segments"]


def set_up_everything(group: Group, properties: Iterable[Property], at: datetime) -> list[str]:
    """All that Guestloop ships, as it ships it, with its journeys launched from now. The services that changed."""
    setup = Setup(tuple(properties))
    apply_setup(group, setup, at)
    listened_to = _launch_journeys(group, setup, at)
    with group.database("segments").transaction() as tx:
        for segment in sorted(listened_to):
            use_segment(tx, segment, at)
    return ["console", "campaigns", "segments"]


def _launch_journeys(group: Group, setup: Setup, at: datetime) -> set[str]:
    """Publish and launch the shipped journeys; the segments they listen to."""
    with group.database("campaigns").transaction() as tx:
        versions = install_journeys(tx, at, BY, setup.journeys)
        for key in versions:
            launch(tx, key, at=at, by=BY, entries_from=setup.entries_from)
        documents = documents_of(tx, list(versions.items()))
    return {segment for journey in documents.values() for segment in journey.segments}


def _details(code: str, places: Places) -> Property:
    name, zone, country = KNOWN_PLACES.get(code, (f"Hotel {code}", "", ""))
    country, zone = places.get(code, (country, zone))
    if not zone:
        raise InputError(f"where is property {code}? Say --place {code}=PT:Europe/Lisbon (country and zone)")
    return Property(
        code=code,
        name=name,
        zone=zone,
        country=country,
        legal_entity=LEGAL_ENTITY,
        postal_address=f"{name}, 1100-001 Lisboa, Portugal" if country == "PT" else name,
        contact=f"hello@{code.lower()}.example.com",
        told_of_survey=True,
        survey_threshold=6,
    )
