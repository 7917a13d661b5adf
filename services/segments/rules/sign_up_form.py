"""What a guest typed into a sign-up form, read: who they are and what they ticked, or what is wrong by field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.segments.rules.people.contact_points import Point, email_points, phone_points
from services.segments.rules.people.guests import is_placeholder
from services.segments.rules.sign_ups import Typed, is_old_enough
from shared.vocabulary.channel import ContactKind
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.sign_up import Box

LONGEST_NAME = 120
TRAP = "website"  # a field that people do not see: what fills it is a program
NEEDED = {ContactKind.ADDRESS: "email_needed", ContactKind.NUMBER: "phone_needed"}


@dataclass(frozen=True)
class Filled:
    """`problems`: by field, the key of what is said about it."""

    typed: Typed
    boxes: tuple[Box, ...]
    problems: Mapping[str, str]


def filled_in(values: Mapping[str, str], offered: Collection[Box], country: str | None, today: date) -> Filled:
    """`country`: where a number without one is dialled."""
    problems: dict[str, str] = {}
    given, family = (" ".join(values.get(name, "").split()) for name in ("given_name", "family_name"))
    if not (given or family) or max(len(given), len(family)) > LONGEST_NAME:
        problems["family_name"] = "name"
    addresses, numbers = values.get("email", "").strip(), values.get("phone", "").strip()
    email = _only(email_points(addresses), "email", bool(addresses), problems)
    phone = _only(phone_points(numbers, country), "phone", bool(numbers), problems)
    born = birth_date_in(values.get("birth_date", "").strip(), today, problems)
    boxes = tuple(box for box in offered if box in values)
    if not boxes:
        problems["boxes"] = "boxes"
    for kind, field, given_there in ((ContactKind.ADDRESS, "email", email), (ContactKind.NUMBER, "phone", phone)):
        if not given_there and any(box.channel.contact is kind for box in boxes):
            problems.setdefault(field, NEEDED[kind])
    return Filled(Typed(given, family, born, email, phone), boxes, problems)


def _only(points: Sequence[Point], field: str, is_given: bool, problems: dict[str, str]) -> str:
    if not is_given:
        return ""
    if len(points) != 1 or points[0].fault or points[0].kind in (PointClass.MASKED, PointClass.BAD):
        problems[field] = field
        return ""
    return points[0].address


def birth_date_in(text: str, today: date, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        born = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day of the calendar
    except ValueError:
        problems["birth_date"] = "birth"
        return None
    if born > today or (is_placeholder(born) and born.year < 1906):
        problems["birth_date"] = "birth"
    elif not is_old_enough(born, today):
        problems["birth_date"] = "young"
    return born
