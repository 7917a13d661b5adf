"""A guest's messages and consents as entries of their story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template

from services.messaging.queries.guests.shown import ConsentEntry, GuestProfile
from shared.vocabulary.message import MessageState

MOST = 200
HANDED_OVER = (MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED)


def entries(
    happened: Sequence[dict[str, Any]],
    receipts: Sequence[dict[str, Any]],
    clicks: Sequence[dict[str, Any]],
    statements: Sequence[ConsentEntry],
    guest: GuestProfile,
) -> list[dict[str, Any]]:
    """Newest first."""
    found = [_click(one) for one in clicks]
    found += [_receipt(one) for one in receipts]  # of one instant what became of it comes after that it was sent
    found += [_message(one) for one in happened] + [_statement(one, guest) for one in statements]
    return sorted(found, key=lambda entry: str(entry["at"]), reverse=True)[:MOST]


def _message(one: dict[str, Any]) -> dict[str, Any]:
    kind = "message" if one["state"] in HANDED_OVER else "skip"
    html = render_template("_story_message.html", one=one, kind=kind)
    return {"at": one["at"].isoformat(), "kind": kind, "html": html}


def _receipt(one: dict[str, Any]) -> dict[str, Any]:
    html = render_template("_story_receipt.html", one=one)
    return {"at": one["at"].isoformat(), "kind": "message", "html": html}


def _click(one: dict[str, Any]) -> dict[str, Any]:
    html = render_template("_story_click.html", one=one)
    return {"at": one["at"].isoformat(), "kind": "message", "html": html}


def _statement(one: ConsentEntry, guest: GuestProfile) -> dict[str, Any]:
    html = render_template("_story_consent.html", one=one, zone=guest.home_zone)
    return {"at": one.recorded_at.isoformat(), "kind": "edit", "html": html}
