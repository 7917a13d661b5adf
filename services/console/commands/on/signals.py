"""What warnings watch: a complaint, an answer, mail that came back."""

from __future__ import annotations

from datetime import datetime

from services.console.store.signals import keep_signals, last_hotels
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.case import CaseKind
from shared.vocabulary.optout import OptOutScope


def keep_complaints(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    columns = (chunk[name] for name in ("case_id", "version", "property", "occurred_at", "kind"))
    rows = [
        (id, version, hotel, at, 1)
        for id, version, hotel, at, kind in zip(*columns, strict=True)
        if kind == CaseKind.COMPLAINT
    ]
    keep_signals(tx, "complaint", rows)


def keep_answers(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    columns = (chunk[name] for name in ("answer_id", "version", "property", "answered_at", "score", "void"))
    rows = [
        (id, version, hotel, at, None if void else score)
        for id, version, hotel, at, score, void in zip(*columns, strict=True)
    ]
    keep_signals(tx, "answer", rows)


def keep_bounces(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    keep_signals(tx, "bounce", _receipts(chunk))


def keep_spam(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    keep_signals(tx, "spam", _receipts(chunk))


def keep_opt_outs(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Objections to offers, at the hotel where the guest stayed last. Whose guest is not known belong to none."""
    columns = (chunk[name] for name in ("optout_id", "version", "guest_id", "requested_at", "scope"))
    told = [one for one in zip(*columns, strict=True) if one[-1] != OptOutScope.FEEDBACK]
    hotels = last_hotels(tx, [guest for _, _, guest, *_ in told if guest])
    keep_signals(tx, "opt_out", [(id, version, hotels.get(guest), at, 1) for id, version, guest, at, _ in told])


def _receipts(chunk: Chunk) -> list[tuple[str, int, str | None, str, int | None]]:
    columns = (chunk[name] for name in ("message_id", "version", "property", "occurred_at"))
    return [(id, version, hotel, at, 1) for id, version, hotel, at in zip(*columns, strict=True)]
