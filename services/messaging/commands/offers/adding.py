"""Codes are added in sets: made here, or read from a file. What is ordered is worked off by the role `codes`.

One transaction adds one set and notes how far it came, so that whoever goes on after a crash adds nothing twice and
leaves nothing out. A code that is there already, whichever offer's it is, is not added again; one that chance drew
twice is drawn anew.
"""

from __future__ import annotations

from codecs import getreader
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from uuid import UUID

from services.messaging.rules.offers.codes import compared, is_code, make_codes, shown
from services.messaging.store.offers import codes as store
from services.messaging.store.offers.offers import Kept
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.ids import make_id
from shared.vocabulary.offer import OfferKind, OfferState

MADE_AT_ONCE = 10_000
READ_AT_ONCE = 256 * 1024
MOST = 5_000_000
MOST_TOLD = 20
HEADINGS = frozenset(
    {
        "code",
        "codes",
        "voucher",
        "coupon",
        "promo code",
        "gutschein",
        "gutscheincode",
        "código",
        "codigo",
        "代码",
        "券码",
    }
)


@dataclass
class CodeFile:
    """A file of codes as it was handed in. `content`: a code a line; `refused`: the first lines that hold none, by
    number; `wrong`: how many."""

    content: bytearray = field(default_factory=bytearray)
    count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    wrong: int = 0

    def add(self, code: str) -> None:
        self.content += f"{code}\n".encode()
        self.count += 1


def read_code_file(content: IO[bytes]) -> CodeFile:
    """One code a line, or the first column of a table; a line of headings is passed over."""
    found = CodeFile()
    for number, text in _first_cells(content):
        if (number == 1 and text.casefold() in HEADINGS) or not text:
            continue
        if is_code(text):
            found.add(text)
            continue
        found.wrong += 1
        if len(found.refused) < MOST_TOLD:
            found.refused.append((number, text[:60]))
    return found


def _first_cells(content: IO[bytes]) -> Iterator[tuple[int, str]]:
    mark = content.read(2)
    content.seek(0)
    encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    separator = None
    for number, line in enumerate(getreader(encoding)(content, "replace"), start=1):
        separator = separator or next((sign for sign in "\t;," if sign in line), None)
        yield number, line.split(separator or "\n", 1)[0].strip().strip("\"'").strip()


def order_made(tx: Tx, found: Kept, count: int, asked: str, *, by: Person, at: datetime) -> None:
    """So many codes are made. `asked`: names the request, so that a form sent twice orders once."""
    if not 1 <= count <= MOST:
        raise InputError(None, {"count": Problem(f"is from 1 to {MOST:,}", "count")})
    _order(tx, found, "made", count, None, "", asked, by, at)


def order_file(tx: Tx, found: Kept, file: CodeFile, name: str, asked: str, *, by: Person, at: datetime) -> None:
    if not file.count:
        raise InputError(None, {"file": Problem("holds no code", "no_codes")})
    if file.count > MOST:
        raise InputError(None, {"file": Problem(f"holds more than {MOST:,} codes", "too_many")})
    _order(tx, found, "file", file.count, bytes(file.content), name[:200], asked, by, at)


def _order(
    tx: Tx,
    found: Kept,
    source: str,
    wanted: int,
    content: bytes | None,
    name: str,
    asked: str,
    by: Person,
    at: datetime,
) -> None:
    if found.kind != OfferKind.UNIQUE or found.state == OfferState.STOPPED:
        raise Conflict()
    batch = {"batch_id": make_id("offer batch", found.key, asked), "offer": found.key, "source": source}
    batch |= {"wanted": wanted, "content": content, "file_name": name or None, "by": by.name, "at": at}
    store.order_batch(tx, batch)
    record(tx, by, "offer.codes_ordered", f"offer {found.key}", {"source": source, "codes": wanted}, at)


def add_next_set(tx: Tx, at: datetime) -> int:
    """One set of the batch that waits longest; how many codes or lines it was, 0 where nothing waits."""
    found = store.next_batch(tx, READ_AT_ONCE)
    if found is None:
        return 0
    batch_id, offer, source, left, piece = found
    if source == "file":
        return _add_read(tx, batch_id, offer, piece or b"", at)
    return _add_made(tx, batch_id, offer, left, at)


def _add_made(tx: Tx, batch_id: UUID, offer: str, left: int, at: datetime) -> int:
    """A code that is there already is made up for by the next set."""
    wanted = min(left, MADE_AT_ONCE)
    added = store.add(tx, offer, [(code, shown(code)) for code in make_codes(wanted)])
    store.advance_batch(tx, _step(batch_id, done=added, added=added, read=0, is_end=added == left, at=at))
    return wanted


def _add_read(tx: Tx, batch_id: UUID, offer: str, piece: bytes, at: datetime) -> int:
    """Whole lines only; the last one has no end."""
    is_end = len(piece) < READ_AT_ONCE
    whole = piece if is_end else piece[: piece.rindex(b"\n") + 1]
    lines = [line for line in whole.decode().split("\n") if line]
    added = store.add(tx, offer, [(compared(line), line) for line in lines])
    store.advance_batch(tx, _step(batch_id, done=len(lines), added=added, read=len(whole), is_end=is_end, at=at))
    return max(len(lines), 1)


def _step(batch_id: UUID, **values: object) -> dict[str, object]:
    return {"batch_id": batch_id, **values}
