"""The cast of all tests: a hotel group with a house in Lisbon and one in Shanghai, its staff, and guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.access.people import keep_hotels, keep_people, secret_hash
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import AccessChanged, PropertyChanged
from shared.ids import make_id
from shared.vocabulary.role import Role

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANA, BEN, CARLA = (make_id("guest", name) for name in ("ana", "ben", "carla"))
ADDRESS = "ana@example.com"


@dataclass(frozen=True)
class Member:
    """One of the cast who works at the hotels."""

    name: str
    role: Role
    properties: tuple[str, ...] = ()

    @property
    def person_id(self) -> Any:
        return make_id("person", self.name)


MARTA = Member("Marta Marques", Role.MARKETER)
DINA = Member("Dina Duarte", Role.DUTY_MANAGER, ("LIS",))
FILIPA = Member("Filipa Faria", Role.FRONT_DESK, ("LIS",))
ANTON = Member("Anton Alves", Role.ANALYST)
ADA = Member("Ada Azevedo", Role.ADMINISTRATOR)
WEI = Member("Wei Wang", Role.DUTY_MANAGER, ("SHA",))
STAFF = (MARTA, DINA, FILIPA, ANTON, ADA, WEI)
HOTELS = (
    ("LIS", "Casa do Tejo Lisboa", "Europe/Lisbon", "PT"),
    ("SHA", "Riverside House Shanghai", "Asia/Shanghai", "CN"),
)


def access_of(one: Member, at: datetime = NOW, *, version: int = 1, secret: str | None = None) -> AccessChanged:
    """What console publishes of a person, or of a program with the `secret` of its key."""
    return AccessChanged(
        person_id=one.person_id,
        version=version,
        name=one.name,
        role=one.role,
        properties=list(one.properties),
        language=None,
        secret_hash=secret_hash(secret) if secret else None,
        occurred_at=at,
    )


def employ(database: Database, at: datetime = NOW) -> None:
    """The staff and the hotels are known to a service."""
    people = [access_of(one, at) for one in STAFF]
    houses = [
        PropertyChanged(
            code=code,
            version=1,
            name=name,
            zone=zone,
            country=country,
            legal_entity="Casa do Tejo Hotels",
            postal_address=name,
            contact=f"hello@{code.lower()}.example.com",
            told_of_survey=True,
            survey_threshold=6,
            occurred_at=at,
        )
        for code, name, zone, country in HOTELS
    ]
    with database.transaction() as tx:
        keep_people(tx, chunk_of(people), at)
        keep_hotels(tx, chunk_of(houses), at)
