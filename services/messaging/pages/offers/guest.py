"""An offer as its guest sees it, by the signed link of a message: terms, code, and the code as pictures."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, make_response, render_template
from werkzeug.wrappers import Response

from services.messaging.library.offers import day_in_words, offer_words
from services.messaging.queries.offers import Given, given_by
from services.messaging.queries.templates.versions import house_of
from services.messaging.rules.offers.barcode import barcode_png, can_be_barred
from services.messaging.rules.offers.offer import Offer
from services.messaging.rules.offers.redeeming import Use
from services.messaging.rules.pictures import picture_url
from services.messaging.store.offers import codes
from services.messaging.store.offers import offers as store
from services.messaging.store.offers.redemptions import find_codes
from shared.access.people import hotels
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from shared.plain_yaml import read_yaml
from shared.vocabulary.offer import OfferKind, OfferState
from shared.web.access_control import open_to_all
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.site import here

guest_offer = Blueprint("messaging_guest_offer", __name__, url_prefix="/messaging/offer/<token>")
WORDS = Path(__file__).parent.parent.parent / "wording" / "offer.yaml"
QR_SCALE, QUIET_ZONE = 6, 4
A_DAY = 86_400


@cache
def words() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = read_yaml(WORDS.read_text(encoding="utf-8"))
    return read


@guest_offer.get("")
@open_to_all
def show(token: str) -> str | tuple[str, int]:
    with here().transaction() as tx:
        given = _given(tx, token)
        kept = store.offer(tx, given.offer) if given else None
        if given is None or kept is None:
            return _page(tx, None, kind="broken"), 404
        code, last = _code_of(tx, given)
        named = [one.name for one in hotels(tx) if one.code in kept.offer.hotels]
        return _page(tx, given, **_shown(tx, given, kept.offer, code, last), token=token, hotels=named)


@guest_offer.get("/qr.png")
@open_to_all
def qr(token: str) -> Response:
    import segno  # only where a picture is asked for

    out = BytesIO()
    segno.make(_code(token), error="m", micro=False).save(out, kind="png", scale=QR_SCALE, border=QUIET_ZONE)
    return _picture(out.getvalue())


@guest_offer.get("/barcode.png")
@open_to_all
def barcode(token: str) -> Response:
    code = _code(token)
    if not can_be_barred(code):
        abort(404)
    return _picture(barcode_png(code))


def _given(tx: Tx, token: str) -> Given | None:
    """What the token was signed for; None of a forged or cut one, and of a guest who is erased."""
    try:
        return given_by(tx, LinkSigner.of(tx.keyring).read("offer", token))
    except BadLink:
        return None


def _code(token: str) -> str:
    with here().transaction() as tx:
        given = _given(tx, token)
        code = _code_of(tx, given)[0] if given else ""
    if not code:
        abort(404)
    return code


def _code_of(tx: Tx, given: Given) -> tuple[str, Use | None]:
    """As the guest reads it, and its last use."""
    code = codes.given(tx, [given.offer], [given.guest_id]).get((given.offer, given.guest_id))
    found = find_codes(tx, [code], lock=False).get(code) if code else None
    return (found.shown, found.last) if found else ("", None)


def _shown(tx: Tx, given: Given, offer: Offer, code: str, last: Use | None) -> dict[str, Any]:
    spoken = guest_language(given.spoken)
    zone = next((one.zone for one in hotels(tx) if one.code == given.hotel), "UTC")
    now = here().now()
    kind = "offer"
    if offer.kind is OfferKind.UNIQUE and last:
        kind = "used"
    elif offer.is_over(now, zone) or offer.state is OfferState.DRAFT:
        kind = "over"
    return {
        "kind": kind,
        "offer": offer_words(offer, spoken, code),
        "logo": offer.partner and offer.partner.logo and picture_url("", offer.partner.logo),
        "hint": {OfferKind.WORD: "word", OfferKind.REFERRAL: "friends", OfferKind.UNIQUE: "show"}[offer.kind],
        "begins": day_in_words(offer.begins_on, spoken) if offer.begins_on and offer.is_early(now, zone) else "",
        "used_on": day_in_words(last.on, spoken) if last else "",
        "has_barcode": can_be_barred(code),
    }


def _picture(content: bytes) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "image/png"
    response.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    return response


def _page(tx: Tx, given: Given | None, **more: Any) -> str:
    spoken = guest_language(given.spoken if given else None)
    shown, house = words()[spoken], house_of(tx, given.hotel, spoken) if given else None
    return render_template(
        "guest_offer.html",
        guest_language=spoken,
        guest_languages=GUEST_LANGUAGES,
        switch=shown["switch"],
        house=house,
        words=shown,
        **more,
    )
