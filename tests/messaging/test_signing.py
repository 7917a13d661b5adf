"""Signed links."""

from __future__ import annotations

import pytest

from shared.crypto.sealing import KeyRing
from shared.crypto.signing import BadLink, LinkSigner
from shared.ids import make_id

MESSAGE = make_id("message", 1)


def test_a_link_says_which_message_it_belongs_to(keyring: KeyRing) -> None:
    token = LinkSigner.of(keyring).sign("survey", MESSAGE)
    assert LinkSigner.of(keyring).read("survey", token) == MESSAGE
    assert token == LinkSigner.of(keyring).sign("survey", MESSAGE)
    assert len(token) == 66 and token.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_a_link_for_one_purpose_opens_no_other(keyring: KeyRing) -> None:
    signer = LinkSigner.of(keyring)
    with pytest.raises(BadLink):
        signer.read("unsubscribe", signer.sign("survey", MESSAGE))


@pytest.mark.parametrize("change", ["", "x", "é", ".", "a.b"])
def test_what_was_not_signed_is_no_link(keyring: KeyRing, change: str) -> None:
    signer = LinkSigner.of(keyring)
    token = signer.sign("survey", MESSAGE)
    for forged in (change, token[:-1] + change, change + token[1:], token + "A"):
        with pytest.raises(BadLink):
            signer.read("survey", forged)


def test_a_link_has_one_spelling(keyring: KeyRing) -> None:
    signer = LinkSigner.of(keyring)
    token = signer.sign("survey", MESSAGE)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    opening = [letter for letter in letters if _opens(signer, token[:-1] + letter)]
    assert opening == [token[-1]]


def _opens(signer: LinkSigner, token: str) -> bool:
    try:
        return signer.read("survey", token) == MESSAGE
    except BadLink:
        return False


def test_another_key_ring_signs_otherwise(keyring: KeyRing) -> None:
    other = LinkSigner.of(KeyRing.parse(KeyRing.fresh()))
    with pytest.raises(BadLink):
        other.read("survey", LinkSigner.of(keyring).sign("survey", MESSAGE))
