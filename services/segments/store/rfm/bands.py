"""Where the bands of RFM begin, as the house chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.segments.rules.rfm import Bands
from shared.database.pool import Tx


class Mode(StrEnum):
    FIXED = "fixed"
    FIFTHS = "fifths"  # borders that follow the guests, renewed on the first of every month


@dataclass(frozen=True)
class Chosen:
    mode: Mode
    bands: Bands
    as_of: date
    chosen_by: str
    chosen_at: datetime


def load_chosen(tx: Tx) -> Chosen | None:
    """None while they are as shipped."""
    row = tx.execute(
        "select mode, recent, frequent, window_days, spend, as_of, chosen_by, chosen_at from rfm_bands"
    ).fetchone()
    if row is None:
        return None
    mode, recent, frequent, window_days, spend, as_of, by, at = row
    return Chosen(Mode(mode), Bands(tuple(recent), tuple(frequent), window_days, tuple(spend)), as_of, by, at)


def keep_chosen(tx: Tx, one: Chosen) -> None:
    bands = one.bands
    tx.execute(
        """
        insert into rfm_bands (mode, recent, frequent, window_days, spend, as_of, chosen_by, chosen_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (single) do update set mode = excluded.mode, recent = excluded.recent,
            frequent = excluded.frequent, window_days = excluded.window_days, spend = excluded.spend,
            as_of = excluded.as_of, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at
        """,
        [
            *(one.mode, list(bands.recent), list(bands.frequent), bands.window_days, list(bands.spend)),
            *(one.as_of, one.chosen_by, one.chosen_at),
        ],
    )
