"""A list of people who objected in another tool: which column is what, and what each line holds.

Columns are known by their heading in many languages, else by their content. Every line is an objection.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.feedback.rules.files.days import DayOrder, instant, is_date
from shared.contact_points.emails import read_emails
from shared.contact_points.headings import EMAIL as EMAIL_HEADINGS
from shared.contact_points.headings import PHONE as PHONE_HEADINGS
from shared.contact_points.phones import read_phones
from shared.contact_points.reading import PointRead
from shared.vocabulary.channel import Channel
from shared.vocabulary.contact_point import CALLED, PointFault
from shared.vocabulary.term import N_, Term

PLUS = ("+", "00", "'+", "\u202a+", "tel:", "＋")  # of a number with its country code
LOOKED_AT = 200  # lines
MOST_TOLD = 200  # lines that closed nothing, each with its content
LONGEST_TOLD = 120
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
NUMBERED = re.compile(r"_?\(?\d{1,2}\)?$")
LIKE_EMAIL = re.compile(r"e_?mail|correo|courriel|correio|posta_elettr|邮箱|郵箱|邮件|郵件|電子信箱|電郵|メール|이메일")
LIKE_PHONE = re.compile(
    r"phone|mobile|(^|_)tel|cell|sms|movil|telem|portable|handy|rufnummer|手机|手機|电话|電話|号码|號碼|携帯|휴대"
)
OF_THE_DAY = re.compile(
    r"^(date|data|fecha|datum|日期|时间|時間)$|unsub|opt_?out|baixa|(^|_)baja|abmeld|abbest|des(ins|abo)|退订|退訂|拒收"
)
"""The day of the objection, never a birthday or the day the row was made: an older date closes less."""


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


KNOWN = _words(EMAIL_HEADINGS) | _words(PHONE_HEADINGS)
"""Headings by which the row of headings is found."""


class Fault(Term):
    """Why an entry of the file closes nothing."""

    EMAIL = "email", N_("not an e-mail address")
    PHONE = "phone", N_("not a phone number of this country")
    EMPTY = "empty", N_("neither an address nor a number")
    BROKEN = "broken", N_("cannot be cut into cells as the other lines are")
    LETTERS = "letters", N_("letters that can be read in two ways: say which encoding the file has")


@dataclass(frozen=True)
class Objection:
    """`address`: cleaned as guests' contact points are; `form`: where it was mended, how earlier versions kept it.
    `said_at`: None where the file has no date.
    """

    channel: Channel
    address: str
    said_at: datetime | None
    line: int = 0
    form: str | None = None


@dataclass(frozen=True)
class Rejected:
    line: int
    why: Fault
    text: str
    detail: PointFault | None = None


class Held(Term):
    """What a column is read as."""

    EMAIL = "email", N_("addresses")
    PHONE = "sms", N_("numbers")
    DATE = "date", N_("the day of the objection")


@dataclass(frozen=True)
class Columns:
    """Places of the columns that are read. `beside`: of those that hold addresses or numbers too and are not, since
    their heading says something else."""

    emails: tuple[int, ...] = ()
    phones: tuple[int, ...] = ()
    date: int | None = None
    beside: tuple[int, ...] = ()

    @property
    def held(self) -> dict[int, Held]:
        found = dict.fromkeys(self.emails, Held.EMAIL) | dict.fromkeys(self.phones, Held.PHONE)
        return found if self.date is None else {**found, self.date: Held.DATE}


@dataclass
class Tally:
    """What the lines read so far hold. `rejected`: the first of what closes nothing; `reasons`: how many for which
    reason. `dates_unread`: lines whose day was not understood; they count from today on."""

    lines: int = 0
    objections: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    reasons: Counter[tuple[Fault, PointFault | None]] = field(default_factory=Counter)
    dates_unread: int = 0

    @property
    def refused(self) -> int:
        return self.reasons.total()

    def reject(self, line: int, why: Fault, text: str, detail: PointFault | None = None) -> None:
        self.reasons[why, detail] += 1
        if len(self.rejected) < MOST_TOLD:
            shown = text[:LONGEST_TOLD].encode(errors="replace").decode()
            self.rejected.append(Rejected(line, why, shown, detail))


def read_line(
    tally: Tally,
    line: int,
    cells: Sequence[str],
    columns: Columns,
    region: str | None,
    *,
    only_ascii: bool,
    order: DayOrder | None = None,
) -> list[Objection]:
    """What the line closes. Numbers without a country code are read as dialled in `region`, dates that read two ways in
    `order`. `only_ascii`: the letters beyond ASCII are not certain."""
    tally.lines += 1
    said_at = None
    if columns.date is not None and (text := cells[columns.date].strip()):
        said_at = instant(text, order)
        tally.dates_unread += said_at is None
    found: list[Objection] = []
    filled = 0
    for channel, fault, places in (
        (Channel.EMAIL, Fault.EMAIL, columns.emails),
        (Channel.SMS, Fault.PHONE, columns.phones),
    ):
        for text in (cells[place].strip() for place in places):
            read = (
                [_as_closed(one) for one in read_emails(text)]
                if channel is Channel.EMAIL
                else read_phones(text, region)
            )
            filled += len(read)
            for one in read:
                if one.fault and one.fault not in CALLED:
                    tally.reject(line, fault, text, one.fault)
                elif only_ascii and not one.address.isascii():
                    tally.reject(line, Fault.LETTERS, text)
                else:
                    found.append(Objection(channel, one.address, said_at, line, one.form))
    if not filled:
        tally.reject(line, Fault.EMPTY, "")
    tally.objections += len(found)
    return found


def _as_closed(read: PointRead) -> PointRead:
    """What only looks like an address is closed too: a guest may have it, however it came to be written."""
    return PointRead(read.address) if read.fault and EMAIL.fullmatch(read.address) else read


def holds_points(cells: Iterable[str]) -> bool:
    """Whether a row holds an address or a number, so that it is no row of headings."""
    return any(_is_email(cell) or _is_number(cell) for cell in cells)


def columns_of(headings: Sequence[str], rows: Sequence[Sequence[str]], region: str | None) -> Columns:
    """`headings`: as `normalised` leaves them; empty ones where the file has none. `rows`: the first ones."""
    samples = [[cell for row in rows if (cell := row[place].strip())] for place in range(len(headings))]
    kinds = [_kind(heading, sample, region) for heading, sample in zip(headings, samples, strict=True)]
    emails, phones = (_places(kinds, kind) for kind in (Channel.EMAIL, Channel.SMS))
    dates = (
        place
        for place, heading in enumerate(headings)
        if kinds[place] is None and OF_THE_DAY.search(heading) and any(map(is_date, samples[place]))
    )
    beside = tuple(
        place
        for place, kind in enumerate(kinds)
        if (kind and place not in emails + phones) or (kind is None and any(map(_is_email, samples[place])))
    )
    return Columns(emails, phones, next(dates, None), beside)


def _kind(heading: str, cells: Sequence[str], region: str | None) -> tuple[Channel, bool] | None:
    """What a column holds, and whether its heading says so."""
    name = NUMBERED.sub("", heading)
    if name in _words(EMAIL_HEADINGS) or (LIKE_EMAIL.search(heading) and any(map(_is_email, cells))):
        return Channel.EMAIL, True
    if name in _words(PHONE_HEADINGS) or (
        LIKE_PHONE.search(heading) and any(_is_dialled(one, region) for one in cells)
    ):
        return Channel.SMS, True
    most = len(cells) / 2
    if sum(map(_is_email, cells)) > most:
        return Channel.EMAIL, False
    return (Channel.SMS, False) if sum(map(_is_number, cells)) > most else None


def _places(kinds: Sequence[tuple[Channel, bool] | None], channel: Channel) -> tuple[int, ...]:
    """Those whose heading says so; where none does, those that hold nothing else: numbers with their country code only,
    others may be keys."""
    said = tuple(place for place, kind in enumerate(kinds) if kind == (channel, True))
    return said or tuple(place for place, kind in enumerate(kinds) if kind == (channel, False))


def _is_number(text: str) -> bool:
    """With its country code."""
    return text.strip().startswith(PLUS) and _is_dialled(text, None)


def _is_dialled(text: str, region: str | None) -> bool:
    readable = (*CALLED, PointFault.NO_COUNTRY, PointFault.ROUNDED)
    return any(one.fault is None or one.fault in readable for one in read_phones(text, region))


def _is_email(text: str) -> bool:
    return any(one.fault is None for one in read_emails(text)) or bool(EMAIL.fullmatch(text.strip()))
