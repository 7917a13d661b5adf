"""Signed addresses by which mail about one message comes back."""

from __future__ import annotations

from string import ascii_lowercase

import pytest

from shared.crypto.mail_addresses import BackAddress, BackSigner, WayBack, tokens_in
from shared.crypto.sealing import KeyRing
from shared.ids import make_id

MESSAGE = make_id("message", 1)
BACK = BackAddress("back", "reply.example.com")


def test_an_address_says_which_message_and_which_way_in_any_case_of_letters(keyring: KeyRing) -> None:
    signer = BackSigner(keyring)
    tokens = signer.tokens(MESSAGE)
    assert signer.read(tokens.returned) == (WayBack.RETURNED, MESSAGE)
    assert signer.read(tokens.reply.upper()) == (WayBack.REPLY, MESSAGE)
    assert signer.read(tokens.unsubscribe) == (WayBack.UNSUBSCRIBE, MESSAGE)
    assert len(BackAddress("a" * 20, "x.example").of(tokens.reply).partition("@")[0]) == 64


def test_one_made_for_a_way_opens_no_other_and_has_one_spelling(keyring: KeyRing) -> None:
    signer = BackSigner(keyring)
    token = signer.tokens(MESSAGE).reply
    assert signer.read("b" + token[1:]) is None
    opening = [letter for letter in ascii_lowercase + "234567" if signer.read(token[:-1] + letter)]
    assert opening == [token[-1]]
    for forged in ("", "r", token[:-1], token + "a", "r" + "a" * 42, token[:9] + "1" + token[10:], "r" + "é" * 42):
        assert signer.read(forged) is None


def test_tokens_are_found_in_whatever_names_our_addresses(keyring: KeyRing) -> None:
    token = BackSigner(keyring).tokens(MESSAGE).reply
    mine = BACK.of(token)
    assert tokens_in(f'"Hotel" <{mine}>, <mailto:{mine.upper()}?subject=x>', BACK) == [token]
    for foreign in (
        f"x{mine}",
        f"{mine}.evil.example",
        f"back+{token}@other.example",
        f"back+x{token}@reply.example.com",
    ):
        assert tokens_in(foreign, BACK) == []


@pytest.mark.parametrize("text", ["back", "back@", "b+c@example.com", "a" * 21 + "@example.com", "b@-x", "b@x\n"])
def test_an_address_with_no_room_for_a_token_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        BackAddress.read(text)
