"""A file of people who objected in another tool: which column is what, and what each line holds.

Columns are known by their heading in many languages, else by their content. Every line is an objection.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.contact_points.emails import read_emails
from shared.contact_points.phones import read_phones
from shared.contact_points.reading import PointRead
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.vocabulary.contact_point import CALLED, PointFault
from shared.vocabulary.term import N_, Term

ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
DELIMITERS = ",;\t|"
PLUS = ("+", "00", "'+", "\u202a+", "tel:", "＋")  # of a number with its country code
LOOKED_AT = 200  # lines
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
HEADINGS = {
    "email": re.compile(r"e-?mail|correo|courriel|邮箱|邮件|電子郵件|メール", re.IGNORECASE),
    "phone": re.compile(
        r"phone|mobile|\btel|cell|sms|m[oó]vi?e?l|telem|portable|handy|手机|手機|电话|號碼|号码", re.IGNORECASE
    ),
    # the day of the objection, never a birthday or the day the row was made: an older date closes less
    "date": re.compile(
        r"^(date|data|fecha|datum|日期|时间)$|unsub|opt.?out|baixa|\bbaja|abmeld|abbest|d[ée]s(ins|abo)|退订|拒收",
        re.IGNORECASE,
    ),
}


class Fault(Term):
    """Why an entry of the file closes nothing."""

    EMAIL = "email", N_("not an e-mail address")
    PHONE = "phone", N_("not a phone number of this country")
    EMPTY = "empty", N_("neither an address nor a number")


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


@dataclass
class OptOutFile:
    lines: int = 0
    objections: list[Objection] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def read_file(content: bytes, region: str | None) -> OptOutFile:
    """Numbers without a country code are read as dialled in `region`. Raises `InputError` naming the file."""
    rows = _rows(_decoded(content))
    if not rows:
        raise InputError(problems={"file": "empty"})
    headed = not any(_is_email(cell) or _is_number(cell) for cell in rows[0])
    columns = _columns(rows, headed=headed)
    if "email" not in columns and "phone" not in columns:
        raise InputError(problems={"file": "no_column"})
    found = OptOutFile()
    for place, row in enumerate(rows):
        if any(cell.strip() for cell in row) and not (headed and place == 0):
            _read_line(found, place + 1, row, columns, region)
    return found


def _read_line(found: OptOutFile, line: int, row: Sequence[str], columns: dict[str, int], region: str | None) -> None:
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
    said_at = _instant(cells.get("date", ""))
    found.lines += 1
    email, phone = cells.get("email", ""), cells.get("phone", "")
    emails, numbers = [_as_closed(one) for one in read_emails(email)], read_phones(phone, region)
    if not emails and not numbers:
        found.rejected.append(Rejected(line, Fault.EMPTY, ""))
    both = ((Channel.EMAIL, Fault.EMAIL, email, emails), (Channel.SMS, Fault.PHONE, phone, numbers))
    for channel, fault, text, read in both:
        for one in read:
            if one.fault and one.fault not in CALLED:
                found.rejected.append(Rejected(line, fault, text, one.fault))
            else:
                found.objections.append(Objection(channel, one.address, said_at, line, one.form))


def _as_closed(read: PointRead) -> PointRead:
    """What only looks like an address is closed too: a guest may have it, however it came to be written."""
    return PointRead(read.address) if read.fault and EMAIL.fullmatch(read.address) else read


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _rows(text: str) -> list[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(problems={"file": "no_csv"}) from error


def _columns(rows: Sequence[Sequence[str]], *, headed: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    if headed:
        for at, heading in enumerate(rows[0]):
            for name, pattern in HEADINGS.items():
                if name not in found and at not in found.values() and pattern.search(heading.strip()):
                    found[name] = at
    sample = rows[1 if headed else 0 :][:LOOKED_AT]
    for at in range(max(len(row) for row in rows)):
        cells = [cell for row in sample if at < len(row) and (cell := row[at].strip())]
        looks = _looks_like(cells)
        if looks and at not in found.values():
            found.setdefault(looks, at)
    return found


def _looks_like(cells: Sequence[str]) -> str | None:
    """Only what more than half of a column's cells are, and numbers only with a country code: others may be keys."""
    most = len(cells) / 2
    if sum(map(_is_email, cells)) > most:
        return "email"
    return "phone" if sum(map(_is_number, cells)) > most else None


def _is_number(text: str) -> bool:
    """With its country code."""
    return any(one.fault is None or one.fault in CALLED for one in read_phones(text) if text.strip().startswith(PLUS))


def _is_email(text: str) -> bool:
    return any(one.fault is None for one in read_emails(text)) or bool(EMAIL.fullmatch(text.strip()))


def _instant(text: str) -> datetime | None:
    """A date as ISO 8601 writes it; other notations do not agree on the order of day and month."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
