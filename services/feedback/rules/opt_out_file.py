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

import phonenumbers

from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.vocabulary.term import N_, Term

ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")
DELIMITERS = ",;\t|"
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
    """`address`: normalised as guests' contact points are. `said_at`: None where the file has no date."""

    channel: Channel
    address: str
    said_at: datetime | None


@dataclass(frozen=True)
class Rejected:
    line: int
    why: Fault
    text: str


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
    headed = not any(EMAIL.fullmatch(cell.strip()) or _number(cell, None) for cell in rows[0])
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
    if not email and not phone:
        found.rejected.append(Rejected(line, Fault.EMPTY, ""))
    if email:
        plain = email.removeprefix("mailto:").strip("<>").lower()
        if EMAIL.fullmatch(plain):
            found.objections.append(Objection(Channel.EMAIL, plain, said_at))
        else:
            found.rejected.append(Rejected(line, Fault.EMAIL, email))
    if phone:
        if number := _number(phone, region):
            found.objections.append(Objection(Channel.SMS, number, said_at))
        else:
            found.rejected.append(Rejected(line, Fault.PHONE, phone))


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
    if sum(bool(EMAIL.fullmatch(cell)) for cell in cells) > most:
        return "email"
    return "phone" if sum(_number(cell, None) is not None for cell in cells) > most else None


def _number(text: str, region: str | None) -> str | None:
    plain = text.strip().replace("\u202a", "").replace("\u202c", "")
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _instant(text: str) -> datetime | None:
    """A date as ISO 8601 writes it; other notations do not agree on the order of day and month."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
