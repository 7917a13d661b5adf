"""A hotel's own terms for its cases: departments, matters, deadlines by level. What is shipped holds until changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.vocabulary.term import N_, Term

LONGEST_NAME, LONGEST_ROOM = 60, 20
LEVELS_THERE_ARE = (1, 2, 3)


class Department(Term):
    """The departments that every hotel begins with."""

    FRONT_DESK = "front_desk", N_("Front desk")
    HOUSEKEEPING = "housekeeping", N_("Housekeeping")
    ENGINEERING = "engineering", N_("Engineering")
    FOOD = "food", N_("Restaurant and bar")
    SPA = "spa", N_("Spa and leisure")
    SECURITY = "security", N_("Security")
    MANAGEMENT = "management", N_("Management")


class Matter(Term):
    """What cases are about, as every hotel begins."""

    CLEANLINESS = "cleanliness", N_("Cleanliness")
    NOISE = "noise", N_("Noise")
    BROKEN = "broken", N_("Something broken")
    STAFF = "staff", N_("Staff")
    FOOD = "food_and_drink", N_("Food and drink")
    BILL = "bill", N_("Bill")
    SAFETY = "safety", N_("Safety and health")
    LOST = "lost", N_("Lost and found")
    OTHER = "other", N_("Something else")


LOOKED_AFTER_BY: Mapping[Matter, Department | None] = {
    Matter.CLEANLINESS: Department.HOUSEKEEPING,
    Matter.NOISE: Department.FRONT_DESK,
    Matter.BROKEN: Department.ENGINEERING,
    Matter.STAFF: Department.MANAGEMENT,
    Matter.FOOD: Department.FOOD,
    Matter.BILL: Department.FRONT_DESK,
    Matter.SAFETY: Department.SECURITY,
    Matter.LOST: Department.HOUSEKEEPING,
    Matter.OTHER: None,
}


@dataclass(frozen=True, kw_only=True)
class CareOption:
    """A department or a matter. `name`, `name_zh`: in the hotel's own words; empty, as it is shipped."""

    code: str
    name: str = ""
    name_zh: str = ""
    department: str | None = None
    active: bool = True


SHIPPED: Mapping[str, Mapping[str, CareOption]] = {
    "department": {str(one): CareOption(code=one) for one in Department},
    "matter": {str(one): CareOption(code=one, department=LOOKED_AFTER_BY[one]) for one in Matter},
}


@dataclass(frozen=True, kw_only=True)
class CareTerms:
    """`hours`: by level, how long a case may take. `answer_within`: how long somebody has until the next one is called.
    `alert_level`: from which level on a low score calls somebody; 4, never.
    """

    hours: tuple[int, int, int] = (48, 24, 16)
    answer_within: timedelta = timedelta(minutes=15)
    alert_level: int = 2

    def deadline(self, opened_at: datetime, level: int) -> datetime:
        """The greater the level, the sooner."""
        return opened_at + timedelta(hours=self.hours[level - 1])


@dataclass(frozen=True, kw_only=True)
class Care:
    """What one hotel works with; `own` holds its own options, and what it changed of those that are shipped."""

    terms: CareTerms = field(default_factory=CareTerms)
    own: Mapping[str, Mapping[str, CareOption]] = field(default_factory=dict)

    def options(self, which: str) -> list[CareOption]:
        """Departments or matters in use, the shipped ones first."""
        return [one for one in self.every(which).values() if one.active]

    def every(self, which: str) -> Mapping[str, CareOption]:
        return {**SHIPPED[which], **self.own.get(which, {})}

    def department_of(self, matter: str | None) -> str | None:
        """Who looks after that matter, unless somebody says otherwise."""
        found = self.every("matter").get(matter or "")
        return found.department if found else None


AS_SHIPPED = Care()


def code_of(name: str, taken: Mapping[str, object]) -> str:
    """A code for an option of the hotel's own: of its Latin letters where it has some."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30] or "own"
    number = next(number for number in range(1, len(taken) + 2) if _numbered(plain, number) not in taken)
    return _numbered(plain, number)


def _numbered(plain: str, number: int) -> str:
    return plain if number == 1 else f"{plain}_{number}"
