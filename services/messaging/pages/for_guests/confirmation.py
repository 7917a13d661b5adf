"""Where a guest confirms a consent: GET shows, POST acts; no cookie. A scanner that opens links confirms nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from services.messaging.commands.consents.confirmations import confirm
from services.messaging.queries.guests.shown import address_of_message
from services.messaging.queries.templates.versions import house_of
from services.messaging.store.consents.confirmations import Confirmation, of_message
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.plain_yaml import read_yaml
from shared.vocabulary.channel import Channel, ContactKind
from shared.web.access_control import open_to_all
from shared.web.i18n.formatting import masked
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.networks import shortened
from shared.web.site import here

confirmation = Blueprint("messaging_confirmation", __name__, url_prefix="/messaging/confirmation/<token>")
WORDS = Path(__file__).parents[2] / "wording" / "confirmation.yaml"
Answer = str | Response | tuple[str, int]


@cache
def words() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = read_yaml(WORDS.read_text(encoding="utf-8"))
    return read


def from_a_link(view: Callable[[Tx, Confirmation, UUID, str], Answer]) -> Callable[[str], Answer]:
    """What the token was signed for; a forged or cut one, or one of a guest who is gone, gets one kind page."""

    @wraps(view)
    def opened(token: str) -> Answer:
        with here().transaction() as tx:
            try:
                message_id = LinkSigner.of(tx.keyring).read("confirm", token)
                asked = of_message(tx, message_id)
            except BadLink:
                asked = None
            if asked is None or asked.gone:
                return _page(tx, "broken", None, "–"), 404
            return view(tx, asked, message_id, token)

    return open_to_all(opened)


@confirmation.get("")
@from_a_link
def show(tx: Tx, asked: Confirmation, message_id: UUID, token: str) -> Answer:
    if asked.confirmed_at is not None:
        return _page(tx, "done", asked, _address(tx, message_id))
    if here().now() >= asked.expires_at:
        return _page(tx, "late", asked, _address(tx, message_id))
    said = json.loads(tx.keyring.open(Sealed(asked.proof_sealed), Sealing.PROOF))
    return _page(tx, "ask", asked, _address(tx, message_id), token=token, said=said["words"])


@confirmation.post("")
@from_a_link
def press(tx: Tx, asked: Confirmation, message_id: UUID, token: str) -> Answer:
    confirm(tx, asked, message_id, shortened(request.remote_addr), at=here().now())
    return redirect(f"/messaging/confirmation/{token}?in={guest_language(asked.spoken)}", 303)


def _address(tx: Tx, message_id: UUID) -> str:
    sealed = address_of_message(tx, message_id)
    return masked(tx.keyring.open(Sealed(sealed), Sealing.CONTACT)) if sealed else "–"


def _page(tx: Tx, kind: str, asked: Confirmation | None, address: str, **more: Any) -> str:
    spoken = guest_language(asked.spoken if asked else None)
    shown, house = words()[spoken], house_of(tx, asked.hotel, spoken) if asked else None
    return render_template(
        "guest_confirmation.html",
        kind=kind,
        guest_language=spoken,
        guest_languages=GUEST_LANGUAGES,
        switch=shown["switch"],
        house=house,
        words=shown,
        by_number=asked is not None and Channel(asked.channel).contact is ContactKind.NUMBER,
        named={"house": house["name"] if house else "", "address": address},
        **more,
    )
