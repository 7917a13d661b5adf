"""The group's hotels and who works there. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

from services.console.commands.change_property import Property
from shared.vocabulary.role import Role

LEGAL_ENTITY = "Casa do Tejo Hotels"

HOTELS = (
    Property(
        code="LIS",
        name="Casa do Tejo Lisboa",
        zone="Europe/Lisbon",
        country="PT",
        legal_entity=LEGAL_ENTITY,
        postal_address="Rua da Invenção 12, 1100-001 Lisboa, Portugal",
        contact="hello@lis.example.com",
        told_of_survey=True,
    ),
    Property(
        code="SHA",
        name="Riverside House Shanghai",
        zone="Asia/Shanghai",
        country="CN",
        legal_entity=LEGAL_ENTITY,
        postal_address="88 Invention Road, Huangpu, Shanghai 200001, China",
        contact="hello@sha.example.com",
        told_of_survey=True,
    ),
)


@dataclass(frozen=True)
class Colleague:
    name: str
    role: Role
    properties: tuple[str, ...] = ()
    language: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@example.com"


ADMINISTRATOR = Colleague("Ada Azevedo", Role.ADMINISTRATOR)
STAFF = (
    ADMINISTRATOR,
    Colleague("Marta Marques", Role.MARKETER),
    Colleague("Dina Duarte", Role.DUTY_MANAGER, ("LIS",)),
    Colleague("Filipa Faria", Role.FRONT_DESK, ("LIS",)),
    Colleague("Wei Wang", Role.DUTY_MANAGER, ("SHA",), "zh-Hans"),
    Colleague("Anton Alves", Role.ANALYST),
)
