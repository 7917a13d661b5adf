"""The bands of RFM are chosen: the eight segments get their rules by them, and the counts are made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from services.segments.commands.segments.lifecycle import install_shipped
from services.segments.rules.rfm import CODES, Bands, check, fifths
from services.segments.shipped import key_of
from services.segments.store.rfm.bands import Chosen, Mode, keep_chosen
from services.segments.store.rfm.counting import count_night, last_night, shape
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict


class NotCounted(Conflict):
    """No guests were counted yet; fifths are of those who were."""


def choose_bands(tx: Tx, mode: Mode, bands: Bands, by: Person, at: datetime) -> Chosen:
    """`bands`: of fifths only the window counts. Raises `InputError` by field, with codes, and `NotCounted`."""
    as_of = last_night(tx) or at.astimezone(UTC).date()
    wanted = bands_of(tx, mode, bands)
    chosen = Chosen(mode, check(wanted), as_of, by.name, at)
    _put_in_force(tx, chosen, at)
    told: dict[str, object] = {"mode": str(mode), "recent": list(wanted.recent), "frequent": list(wanted.frequent)}
    told |= {"window_days": wanted.window_days, "spend": [str(one) for one in wanted.spend]}
    record(tx, by, "rfm.bands_chosen", "rfm", told, at)
    count_night(tx, as_of, wanted, at)
    return chosen


def bands_of(tx: Tx, mode: Mode, bands: Bands) -> Bands:
    """Fifths are of the guests as they were counted last. Raises `NotCounted`."""
    if mode is Mode.FIXED:
        return bands
    days, stays, shares = shape(tx, bands.window_days)
    if not days:
        raise NotCounted()
    return fifths(days, stays, shares, bands.window_days)


def renew_fifths(tx: Tx, chosen: Chosen, as_of: date, at: datetime) -> Chosen:
    renewed = replace(chosen, bands=bands_of(tx, chosen.mode, chosen.bands), as_of=as_of)
    _put_in_force(tx, renewed, at)
    return renewed


def _put_in_force(tx: Tx, chosen: Chosen, at: datetime) -> None:
    keep_chosen(tx, chosen)
    install_shipped(tx, at, chosen.bands.cuts, only=[key_of(code) for code in CODES])
