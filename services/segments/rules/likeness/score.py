"""The score of two guests: how likely they are one person, and by what.

Each finding is weighed by its bits (Fellegi and Sunter): how much oftener it is found of one person's two profiles than
of two persons'. The sum begins at one pair in a million.
"""

from __future__ import annotations

from datetime import date

from services.segments.rules.likeness.names import compare
from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.people.births import Births, births
from services.segments.rules.people.names import Name
from shared.rows import row
from shared.vocabulary.couples import names_two

ONE_IN_A_MILLION = -20.0  # bits
BOTH_CONTACTS_AT_MOST = 20.0  # bits: who shares an address often shares the number, too
SHARED = frozenset({Reason.SAME_EMAIL, Reason.SAME_PHONE})
FILED_FROM = 0.5  # the score from which on a pair is worth a look


@row
class Likened:
    """What is compared of a guest. `emails`, `phones`: the blind indexes of those that are personal."""

    names: tuple[Name, ...]
    birth_date: date | None = None
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


@row
class Likeness:
    """`score`: 0 to 1, how likely it is one person. `reasons`: what speaks for it and against it, in a fixed order."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def is_filed(self) -> bool:
        """Of a guest without a name there is only the address or number to go by: that they share one is enough."""
        return self.score >= FILED_FROM or (
            Reason.NO_NAME in self.reasons
            and not SHARED.isdisjoint(self.reasons)
            and Reason.OTHER_BIRTH_DATE not in self.reasons
        )


def likeness(one: Likened, other: Likened) -> Likeness:
    """The likeness of two guests; the same whichever is named first."""
    contacts = _contacts(one, other)
    found = [*contacts, _names(one, other), *_births(one, other)]
    bits = min(sum(reason.bits for reason in contacts), BOTH_CONTACTS_AT_MOST)
    bits += sum(reason.bits for reason in found if reason not in contacts)
    return Likeness(round(1 / (1 + 2 ** -(ONE_IN_A_MILLION + bits)), 4), tuple(found))


def _contacts(one: Likened, other: Likened) -> list[Reason]:
    found = []
    if one.emails & other.emails:
        found.append(Reason.SAME_EMAIL)
    if one.phones & other.phones:
        found.append(Reason.SAME_PHONE)
    return found


def _names(one: Likened, other: Likened) -> Reason:
    """Of several names of a guest those that agree best."""
    singles = [[name for name in each.names if not names_two(name.given, name.family)] for each in (one, other)]
    if not all(singles) and one.names and other.names:
        return Reason.COUPLE
    found = (compare(a, b) for a in singles[0] for b in singles[1])
    return max(found, key=lambda reason: reason.bits, default=Reason.NO_NAME)


def _births(one: Likened, other: Likened) -> list[Reason]:
    match births(one.birth_date, other.birth_date):
        case Births.SAME:
            return [Reason.SAME_BIRTH_DATE]
        case Births.SLIP:
            return [Reason.BIRTH_DATE_SLIP]
        case Births.OTHER:
            return [Reason.OTHER_BIRTH_DATE]
        case Births.UNKNOWN:
            return []
