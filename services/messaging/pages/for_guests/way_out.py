"""The way out, for guests: GET shows, POST acts; no cookie, and no question asked before.

Mail programs press the button by themselves (RFC 8058): the same address, POST, `List-Unsubscribe=One-Click`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from services.messaging.commands.consents.by_guests import object_from, prefer
from services.messaging.queries.guests.way_out import CameFrom, came_from
from services.messaging.queries.templates.versions import house_of
from services.messaging.schemas import Preferences, read
from services.messaging.store.limits.offer_limits import home_zone_of, offer_limits
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.plain_yaml import read_yaml
from shared.web.access_control import open_to_all
from shared.web.i18n.formatting import masked
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.site import here

way_out = Blueprint("messaging_way_out", __name__, url_prefix="/messaging/way-out/<token>")
WORDS = Path(__file__).parents[2] / "wording" / "way_out.yaml"
Answer = str | Response | tuple[str, int]


@cache
def words() -> dict[str, dict[str, Any]]:
    read_: dict[str, dict[str, Any]] = read_yaml(WORDS.read_text(encoding="utf-8"))
    return read_


def from_a_link(view: Callable[[Tx, CameFrom, str], Answer]) -> Callable[[str], Answer]:
    """The message the token was signed for; a forged or cut one gets one kind page."""

    @wraps(view)
    def opened(token: str) -> Answer:
        with here().transaction() as tx:
            try:
                link = came_from(tx, LinkSigner.of(tx.keyring).read("unsubscribe", token))
            except BadLink:
                link = None
            if link is None:
                return broken_page(tx), 404
            return view(tx, link, token)

    return open_to_all(opened)


@way_out.get("")
@from_a_link
def ask(tx: Tx, link: CameFrom, token: str) -> Answer:
    return _page(tx, "guest_way_out.html", link, token=token)


@way_out.post("")
@from_a_link
def leave(tx: Tx, link: CameFrom, token: str) -> Answer:
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    object_from(tx, link, source="one_click" if one_click else "link", at=here().now())
    if one_click:
        return make_response("", 200)
    return redirect(f"/messaging/way-out/{token}?in={_language(link)}", 303)


@way_out.get("/preferences")
@from_a_link
def preferences(tx: Tx, link: CameFrom, token: str) -> Answer:
    return _page(tx, "guest_preferences.html", link, token=token, saved=request.args.get("saved") == "1")


@way_out.post("/preferences")
@from_a_link
def choose(tx: Tx, link: CameFrom, token: str) -> Answer:
    try:
        asked = read(Preferences, request.form)
    except InputError:
        return _page(tx, "guest_preferences.html", link, token=token, saved=False), 422
    language = asked["language"] if asked["language"] in GUEST_LANGUAGES and asked["language"] != _spoken(link) else ""
    shown = words()[_language(link)]
    shown_words = {key: f"{shown['offers']}: {shown[key]}" for key in ("me", "everyone")}
    shown_words["yes"] = f"{shown['surveys']}: {shown['yes']}"
    prefer(tx, link, {**asked, "language": language}, shown_words, at=here().now())
    return redirect(f"/messaging/way-out/{token}/preferences?saved=1&in={language or _language(link)}", 303)


def broken_page(tx: Tx) -> str:
    """What whoever comes with a link that is not whole is told."""
    return _page(tx, "guest_broken.html", None)


def _page(tx: Tx, template: str, link: CameFrom | None, **more: Any) -> str:
    spoken = _language(link)
    shown, house = words()[spoken], house_of(tx, link.hotel, spoken) if link else None
    address = (
        masked(tx.keyring.open(Sealed(link.address_sealed), Sealing.CONTACT)) if link and link.address_sealed else "–"
    )
    return render_template(
        template,
        guest_language=spoken,
        guest_languages=GUEST_LANGUAGES,
        spoken=_spoken(link) if link else spoken,
        switch=shown["switch"],
        house=house,
        words=shown,
        link=link,
        named={"house": house["name"] if house else "", "address": address},
        **_limit(tx, link, spoken),
        **more,
    )


def _limit(tx: Tx, link: CameFrom | None, spoken: str) -> dict[str, Any]:
    """How often the guest wants offers, and the day until which they want none; a pause that is over is none."""
    limit = offer_limits(tx, [link.guest_id]).get(link.guest_id) if link and link.guest_id else None
    until = limit.paused_until if limit and limit.paused_until and limit.paused_until > here().now() else None
    if link is None or link.guest_id is None or until is None:
        return {"once_a_month": limit is not None and limit.once_a_month, "paused_until": None}
    day = local_date(until, home_zone_of(tx, link.guest_id))
    shown = format_date(day, "long", locale=Locale.parse(spoken, sep="-"))
    return {"once_a_month": limit is not None and limit.once_a_month, "paused_until": shown}


def _language(link: CameFrom | None) -> str:
    return guest_language(link.spoken if link else None)


def _spoken(link: CameFrom) -> str:
    """The language the guest is written to in, as one of ours; English where it is none of them."""
    return next((tag for tag in GUEST_LANGUAGES if tag.split("-")[0] == link.spoken.split("-")[0]), "en")
