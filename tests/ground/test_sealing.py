"""Sealed values: opened by whoever holds the key, never by another, never when altered."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.sealing import CannotOpen, KeyRing, Sealed
from shared.errors import SettingError

A, B, C = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b", b"c"))
RING = KeyRing.parse(f"index={A},k1={B}")
TEXTS = st.text(st.characters(codec="utf-8"))


@given(TEXTS)
def test_what_was_sealed_opens_to_the_same_text(text: str) -> None:
    sealed = RING.seal(text)
    assert RING.open(sealed) == text
    assert sealed.startswith("sealed:k1:")


def test_the_same_text_is_sealed_differently_each_time_and_shows_nothing_of_itself() -> None:
    first, second = RING.seal("ana@example.com"), RING.seal("ana@example.com")
    assert first != second
    assert "ana" not in first


def test_after_a_change_of_keys_the_new_key_seals_and_the_old_ones_still_open() -> None:
    old = RING.seal("ana")
    changed = KeyRing.parse(f" index={A}, k2={C},k1={B}\n")
    assert changed.open(old) == "ana"
    assert changed.seal("ana").startswith("sealed:k2:")
    assert changed.index("email", "ana") == RING.index("email", "ana")


@pytest.mark.parametrize(
    "value",
    [
        RING.seal("ana")[:-8] + "AAAAAAA=",  # altered
        KeyRing.parse(f"index={A},k9={B}").seal("ana"),  # a key this ring does not hold
        KeyRing.parse(f"index={A},k1={C}").seal("ana"),  # another key of that name
        "sealed:k1:",
        "sealed:k1:AAAA",
        "sealed:k1:?",
        "ana@example.com",
        "",
    ],
    ids=["altered", "unknown key", "another key", "empty box", "short box", "no box", "not sealed", "nothing"],
)
def test_what_is_altered_foreign_or_not_sealed_does_not_open_and_is_not_repeated(value: str) -> None:
    with pytest.raises(CannotOpen) as refusal:
        RING.open(Sealed(value))
    assert "ana" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["", "k1", f"k1={B}", f"index={A}", f"index={A},k1=short", f"index={A},k1=AAAA", f"index={A},k1", f"{A},{B}"],
)
def test_a_malformed_key_ring_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="key ring"):
        KeyRing.parse(text)


def test_a_fresh_key_ring_is_one_of_its_own() -> None:
    first, second = KeyRing.fresh(), KeyRing.fresh()
    assert first != second
    with pytest.raises(CannotOpen):
        KeyRing.parse(first).open(KeyRing.parse(second).seal("ana"))


@given(TEXTS, TEXTS)
def test_the_blind_index_is_one_a_kind_and_value(one: str, other: str) -> None:
    assert RING.index("email", one) == RING.index("email", one)
    assert (RING.index("email", one) == RING.index("email", other)) == (one == other)
    assert RING.index("email", one) != RING.index("sms", one)
    assert len(RING.index("email", one)) == 64
