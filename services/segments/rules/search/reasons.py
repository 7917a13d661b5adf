"""Why a guest was found: which word of the question agrees with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from services.segments.rules.people.names import fold
from services.segments.rules.search.parts import APART, ENDINGS, IN_A_ROW, beginnings_in, digits_of, plain_number
from services.segments.rules.search.question import Asked, Kind, Reading
from services.segments.rules.search.spellings import SLIPS_FROM, forms, is_a_slip, words_of_name
from shared.rows import row
from shared.vocabulary.term import N_, Term


class How(Term):
    """What a word of a question agrees with, the best first. The label says that it was tried."""

    NAME = "name", N_("as a name")
    BEGINNING = "beginning", N_("as the beginning of a name")
    SPELLING = "spelling", N_("as a name in another spelling or script")
    RESERVATION = "reservation", N_("as part of a reservation number")
    PHONE = "phone", N_("as the end of a phone number")
    EMAIL = "email", N_("as part of an e-mail address")
    SLIP = "slip", N_("as a name with one letter wrong")

    @property
    def rank(self) -> int:
        return list(How).index(self)


@row
class Known:
    """What is compared of a guest. `names`: given and family name, those shown first. Of contact points and
    reservations those that the reader may know of."""

    names: tuple[tuple[str, str], ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    reservations: tuple[str, ...] = ()


@row
class Hit:
    """`what`: the name or the reservation that was found; nothing of an address. `is_shown`: it is the name by which
    the guest is listed."""

    word: str
    how: How
    what: str = ""
    is_shown: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether anybody sees why."""
        return self.is_shown and self.how in (How.NAME, How.BEGINNING)


def hits(reading: Reading, known: Known) -> tuple[Hit, ...] | None:
    """How each word is found; None where one is not."""
    found = [_best(_hits(asked, known)) for asked in reading]
    return tuple(hit for hit in found if hit) if all(found) else None


def tried(asked: Asked, contacts: bool, *, reservations: bool = True) -> list[How]:
    """What a word is tried as. `contacts`: parts of addresses and numbers too; `reservations`: of those too."""
    match asked.kind:
        case Kind.NAME:
            ways = [How.NAME, How.BEGINNING, How.SPELLING]
            ways += [How.RESERVATION] if len(plain_number(asked.text)) >= IN_A_ROW else []
            ways += [How.EMAIL] if beginnings_in(asked.text) else []
            ways += [How.SLIP] if len(forms(asked.text)[0]) >= SLIPS_FROM - 1 else []
        case Kind.NUMBER:
            ways = [How.RESERVATION]
            ways += [How.PHONE] if len(digits_of(asked.text)) >= ENDINGS[0] else []
            ways += [How.EMAIL] if beginnings_in(asked.text) else []
        case Kind.ADDRESS:
            ways = [How.EMAIL]
    closed = {How.PHONE: not contacts, How.EMAIL: not contacts, How.RESERVATION: not reservations}
    return [how for how in ways if not closed.get(how)]


def _best(found: Iterable[Hit]) -> Hit | None:
    return min(found, key=lambda hit: (hit.how.rank, not hit.is_shown), default=None)


def _hits(asked: Asked, known: Known) -> Iterator[Hit]:
    match asked.kind:
        case Kind.NAME:
            yield from _in_names(asked.text, known.names)
            yield from _in_reservations(asked.text, known.reservations)
            yield from _in_emails(asked.text, known.emails)
        case Kind.NUMBER:
            yield from _in_reservations(asked.text, known.reservations)
            yield from _in_phones(asked.text, known.phones)
            yield from _in_emails(asked.text, known.emails)
        case Kind.ADDRESS:
            yield from _in_emails(asked.text, known.emails)


def _in_names(text: str, names: Sequence[tuple[str, str]]) -> Iterator[Hit]:
    for place, (given, family) in enumerate(names):
        # in a fixed order, so that the same search says the same
        for word in sorted(words_of_name(given, family)):
            how = _as_name(text, word)
            if how in (How.NAME, How.BEGINNING) and not _is_written_in(word, given, family):
                how = How.SPELLING
            if how:
                yield Hit(text, how, f"{given} {family}".strip() if place else word, not place)


def _as_name(text: str, word: str) -> How | None:
    mine, theirs = forms(text), forms(word)
    if mine[0] == theirs[0]:
        return How.NAME
    if theirs[0].startswith(mine[0]):
        return How.BEGINNING
    if any(their.startswith(my) for my in mine for their in theirs):
        return How.SPELLING
    return How.SLIP if is_a_slip(text, word) else None


def _is_written_in(word: str, given: str, family: str) -> bool:
    """Whether a word of a name stands in it; it may also be how it sounds."""
    ahead, behind = ("".join(c for c in fold(part) if c.isalnum()) for part in (given, family))
    return "".join(c for c in fold(word) if c.isalnum()) in f"{ahead}{behind} {behind}{ahead}"


def _in_reservations(text: str, reservations: Iterable[str]) -> Iterator[Hit]:
    part = plain_number(text)
    for reservation in reservations:
        number = plain_number(reservation)
        if part == number or (len(part) >= IN_A_ROW and part in number):
            yield Hit(text, How.RESERVATION, reservation)


def _in_phones(text: str, phones: Iterable[str]) -> Iterator[Hit]:
    if any(c.isalpha() for c in text):
        return
    endings = {digits for digits in (digits_of(text), digits_of(text).lstrip("0")) if len(digits) >= ENDINGS[0]}
    if any(digits_of(phone).endswith(ending) for phone in phones for ending in endings):
        yield Hit(text, How.PHONE)


def _in_emails(text: str, emails: Iterable[str]) -> Iterator[Hit]:
    part = text.casefold()
    if not beginnings_in(part):
        return
    for email in emails:
        if part in email if "@" in part else any(_begins(email, word) for word in APART.split(part) if word):
            yield Hit(text, How.EMAIL)


def _begins(email: str, part: str) -> bool:
    return any(word.startswith(part) for word in APART.split(email))
