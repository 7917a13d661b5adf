"""What a guest confirms or corrects at a kiosk: corrections by hand, contact points, wishes and consents, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.contacts import add_point
from services.segments.commands.guests.corrections import correct, locked_guest
from services.segments.commands.guests.notes import write_note
from services.segments.commands.guests.noting import note
from services.segments.commands.sign_ups.take import TakingOver, publish_signed_up
from services.segments.rules.kiosk import Kiosk
from services.segments.rules.people.contact_points import Point
from services.segments.rules.people.corrections import Values
from services.segments.rules.sign_ups import Typed
from services.segments.store import kiosks
from services.segments.store import sign_ups as store
from services.segments.store.sign_ups import SignUp
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.sign_up import Box, SignUpState

PAGE = "kiosk"


@dataclass(frozen=True)
class Refreshed:
    """`points`: new ones. `addresses`: by channel, the one that each ticked box is about: typed now, else known."""

    profile: Values
    points: Sequence[Point]
    wishes: str
    boxes: tuple[Box, ...]
    addresses: dict[Channel, str]
    form: str | None
    form_version: int
    language: str


def refresh(tx: Tx, kiosk: Kiosk, guest_id: UUID, said: Refreshed, how: TakingOver, at: datetime) -> None:
    """The turn ends with it, so that sent twice it is done once."""
    by = f"{PAGE}, {kiosk.started_by}"
    correct(tx, guest_id, locked_guest(tx, guest_id).version, said.profile, by, at)
    for point in said.points:
        add_point(tx, guest_id, locked_guest(tx, guest_id).version, point, by, at, how.agency_domains)
    if said.wishes:
        write_note(tx, guest_id, said.wishes, by, at)
    if said.boxes and said.form:
        _sign(tx, kiosk, guest_id, said, how, at)
    note(tx, guest_id, "guest.refreshed", by, {"property": kiosk.property}, at)
    kiosks.end_turn(tx, kiosk.id)


def _sign(tx: Tx, kiosk: Kiosk, guest_id: UUID, said: Refreshed, how: TakingOver, at: datetime) -> None:
    assert said.form is not None and kiosk.turn is not None
    signed = SignUp(
        id=kiosk.turn,
        form=said.form,
        form_version=said.form_version,
        property=kiosk.property,
        page=PAGE,
        language=said.language,
        boxes=said.boxes,
        typed=Typed("", "", None, said.addresses.get(Channel.EMAIL, ""), said.addresses.get(Channel("sms"), "")),
        network="",
        said_at=at,
        state=SignUpState.TAKEN,
        guest_id=guest_id,
        differs=(),
    )
    store.add_sign_up(tx, signed)
    publish_signed_up(tx, signed, guest_id, said.boxes, how, at, colleague=kiosk.started_by)
    store.keep_taken(tx, signed.id, guest_id, (), ())
