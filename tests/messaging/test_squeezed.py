"""Words of messages are squeezed before they are sealed, come back letter by letter, and those of before still open."""

from __future__ import annotations

import base64
import zlib

import orjson
import pytest

from services.messaging.commands.sending.texts import PATHS
from services.messaging.store.sending.own_links import PURPOSES, OwnLinks
from services.messaging.store.sending.sent_words import LostSheet, SentWords, targets_of
from services.messaging.store.sending.squeezed import FRAME, spread, squeezed
from services.messaging.wording.sheets import Copy, Filled, Gapped, Sheet
from shared.crypto.purposes import Sealing, Signing
from shared.crypto.sealing import KeyRing
from shared.crypto.signing import LinkSigner
from shared.ids import make_id

KEYS = KeyRing.parse(KeyRing.fresh())
SIGNER = LinkSigner.of(KEYS, Signing.LINKS)
FIRST, SECOND = (make_id("message", "squeezed", n) for n in (1, 2))
SURVEY = f"https://hotel.example.com/feedback/survey/{SIGNER.sign('survey', FIRST)}"
WAY_OUT = f"https://hotel.example.com/messaging/way-out/{SIGNER.sign('unsubscribe', FIRST)}"
OTHERS = f"https://hotel.example.com/messaging/way-out/{SIGNER.sign('unsubscribe', SECOND)}"
MISSPELT = "A" * 21 + "B." + "A" * 42 + "B"  # bits at the end that no signer writes
SHEET = Sheet(
    Gapped.of("Dear @@0@@, see @@1@@\n\nCasa do Tejo"), Gapped.of("<title>Your stay</title><p>@@0@@</p>@@1@@")
)


@pytest.mark.parametrize(
    "words",
    [
        [],
        [SURVEY, WAY_OUT],
        [WAY_OUT, OTHERS, SURVEY, WAY_OUT],
        [WAY_OUT + "x", "x" + WAY_OUT, WAY_OUT[:-1], f"{WAY_OUT}.{WAY_OUT}"],
        [MISSPELT, SURVEY],
        ["\x01\x02 and \\u0001", "\x00", SURVEY],
        ["张伟，您好", "é", "🏨", SURVEY],
        ["a" * 100_000],
        [WAY_OUT] * 2_000,
    ],
    ids=["none", "two", "of two messages", "almost", "misspelt", "signs", "letters", "long", "many"],
)
@pytest.mark.parametrize("sheet", [None, b"", SHEET.beforehand, b"x" * 50_000], ids=["alone", "empty", "sheet", "long"])
def test_what_was_squeezed_comes_back_letter_by_letter(words: list[str], sheet: bytes | None) -> None:
    plain = orjson.dumps({"from": "Casa", "subject": "Your stay", "words": words})
    assert spread(squeezed(plain, sheet), sheet) == plain


OTHERS_KEYS = KeyRing.parse(KeyRing.fresh())
OFFER = f"https://hotel.example.com/messaging/offer/{SIGNER.sign('offer', FIRST)}"
FOREIGN = f"https://hotel.example.com/messaging/offer/{LinkSigner.of(OTHERS_KEYS).sign('offer', FIRST)}"


@pytest.mark.parametrize(
    "words",
    [
        [],
        [WAY_OUT],
        [SURVEY, OTHERS, WAY_OUT, OFFER + "/qr.png"],
        [FOREIGN, WAY_OUT],
        ["\x03\x07 and /\x03", MISSPELT, SURVEY],
    ],
    ids=["none", "one", "of two messages", "signed elsewhere", "signs"],
)
@pytest.mark.parametrize("sheet", [None, SHEET.beforehand], ids=["alone", "sheet"])
def test_links_of_its_own_are_signed_again_letter_by_letter(words: list[str], sheet: bytes | None) -> None:
    plain = orjson.dumps({"from": "Casa", "subject": "Your stay", "words": words})
    assert spread(squeezed(plain, sheet, OwnLinks(SIGNER, FIRST)), sheet, OwnLinks(SIGNER, FIRST)) == plain


def test_its_own_links_take_no_room_in_what_is_kept() -> None:
    plain = orjson.dumps({"from": "Casa do Tejo", "subject": "Your stay", "words": ["Dear Ms Silva,", SURVEY, WAY_OUT]})
    assert len(squeezed(plain, own=OwnLinks(SIGNER, FIRST))) <= len(squeezed(plain)) - 16 - 2 * 32 + 8


def test_links_signed_by_a_key_before_are_told_as_they_were_sent() -> None:
    before = KeyRing.parse(KeyRing.fresh())
    sealed, _ = copied("Ana", WAY_OUT).sealed_apart(KEYS, OwnLinks(SIGNER, FIRST))
    plain = KEYS.open_bytes(sealed, Sealing.MESSAGE_TEXT)
    secrets = {"now": before.signing_keys(Signing.LINKS)[0], "then": KEYS.signing_keys(Signing.LINKS)[0]}
    turned = OwnLinks(LinkSigner([secrets["now"], secrets["then"]]), FIRST)
    assert orjson.loads(spread(plain, SHEET.beforehand, turned))["words"] == ["Ana", WAY_OUT]
    lost = OwnLinks(LinkSigner([secrets["now"]]), FIRST)
    assert orjson.loads(spread(plain, SHEET.beforehand, lost))["words"] == ["Ana", f"{WAY_OUT.rpartition('/')[0]}/…"]


def test_a_copy_with_its_own_links_is_read_as_that_message() -> None:
    sealed, sheet = copied("Ana", WAY_OUT).sealed_apart(KEYS, OwnLinks(SIGNER, FIRST))
    assert sheet is not None
    assert SentWords.opened(KEYS, sealed, sheet.packed, FIRST) == copied("Ana", WAY_OUT)
    assert WAY_OUT.rpartition("/")[2] not in SentWords.opened(KEYS, sealed, sheet.packed).text
    led, _ = copied("Ana", WAY_OUT, targets={1: "https://example.com/ana"}).sealed_apart(KEYS, OwnLinks(SIGNER, FIRST))
    assert targets_of(KEYS, led) == {1: "https://example.com/ana"}


def test_whatever_a_message_signs_is_known_by_its_place() -> None:
    assert tuple(PATHS) == PURPOSES


def copied(*words: str, **more: dict[int, str]) -> SentWords:
    copy = Copy(SHEET, {place: Filled(word, word) for place, word in enumerate(words)})
    return SentWords("Casa do Tejo", "Your stay", copy.text, copy.page, copy=copy, **more)


def test_a_survey_takes_less_than_two_thirds_of_what_its_letters_would() -> None:
    sealed, _ = copied("Dear Ms Silva,", SURVEY + WAY_OUT).sealed_apart(KEYS)
    plain = orjson.dumps(
        {"from": "Casa do Tejo", "subject": "Your stay", "words": ["Dear Ms Silva,", SURVEY + WAY_OUT]}
    )
    assert len(sealed) < 2 / 3 * len(KEYS.seal(plain.decode(), Sealing.MESSAGE_TEXT))


def test_a_copy_is_read_with_its_sheet_alone_and_where_its_links_lead_without() -> None:
    sealed, sheet = copied("Ana", WAY_OUT).sealed_apart(KEYS)
    assert sheet is not None
    assert SentWords.opened(KEYS, sealed, sheet.packed) == copied("Ana", WAY_OUT)
    with pytest.raises(LostSheet):
        SentWords.opened(KEYS, sealed)
    led, _ = copied("Ana", WAY_OUT, targets={1: "https://example.com/ana"}).sealed_apart(KEYS)
    assert targets_of(KEYS, led) == {1: "https://example.com/ana"}


@pytest.mark.parametrize("is_deflated", [True, False])
def test_what_earlier_versions_sealed_opens(is_deflated: bool) -> None:
    parts = orjson.dumps({"from": "Casa", "subject": "Hello", "text": "Dear Ana", "page": "<p>Dear Ana</p>"})
    plain = "deflated:" + base64.b64encode(zlib.compress(parts)).decode() if is_deflated else parts.decode()
    expected = SentWords("Casa", "Hello", "Dear Ana", "<p>Dear Ana</p>")
    assert SentWords.opened(KEYS, KEYS.seal(plain, Sealing.MESSAGE_TEXT)) == expected


def test_a_copy_that_an_earlier_version_sealed_opens() -> None:
    own = orjson.dumps({"from": "Casa do Tejo", "subject": "Your stay", "words": ["Ana", [WAY_OUT, WAY_OUT]]})
    sealed = KEYS.seal("printed:" + own.decode(), Sealing.MESSAGE_TEXT)
    assert SentWords.opened(KEYS, sealed, SHEET.packed) == copied("Ana", WAY_OUT)


def test_what_was_squeezed_once_opens_for_years() -> None:
    """The bytes that this version writes, written down: whoever changes the frame, or what a sheet gives beforehand,
    reads no message of before."""
    plain = b'{"from":"Casa do Tejo","subject":"Your stay","words":["Dear Ms Silva,"]}'
    assert spread(bytes.fromhex(OF_THIS_VERSION), SHEET.beforehand) == plain
    assert zlib.crc32(FRAME) == FRAME_OF_THIS_VERSION
    signed = LinkSigner([b"a key of tests"])
    own = spread(bytes.fromhex(OWN_OF_THIS_VERSION), SHEET.beforehand, OwnLinks(signed, FIRST))
    link = f"https://hotel.example.com/feedback/survey/{signed.sign('survey', FIRST)}"
    assert own == plain.replace(b'"]', f'{link}"]'.encode())


OF_THIS_VERSION = "020000832b460e21142df070c2d00b747170664e59a20ed05200"
OWN_OF_THIS_VERSION = "04cb9e76da0000832b460e21142df070c2d00b747170664e59a20eaa73532b12730b7252b13a9b05e83e00"
FRAME_OF_THIS_VERSION = 2226987368
