"""Sealed values: opened by whoever holds the key, for their purpose, never by another, never when altered."""

from __future__ import annotations

import base64
import hmac
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto.purposes import ALL, HELD_BY, IN_THE_RING, KINDS, PURPOSES, Hashing, Indexing, Sealing, Signing
from shared.crypto.sealing import CannotOpen, KeyRing, Sealed
from shared.crypto.signing import BadLink, LinkSigner
from shared.errors import SettingError
from shared.events.console import EVERY_SERVICE
from shared.ids import NAMESPACE, make_id
from shared.settings.role import Settings

A, B, C = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b", b"c"))
OLD = KeyRing.parse(f"index={A},k1={B}")
RING = KeyRing.parse(KeyRing.fresh())
TEXTS = st.text(st.characters(codec="utf-8"))
CONTACT = Sealing.CONTACT
LINK_OF_0_2_0 = "B_CrF4QxWSqAe-x4-ilIPg.0ak_d3MJslKAPOYrsYDQmfi5r24-Uwf883lzFAWIlH4"
SEALED_BY_0_2_0 = Sealed("sealed:k1:HfTmhM+0BQQ98LZ4noF9KsvmQH9DbvRLAuUF8Gj8mQ==")


@given(TEXTS, st.sampled_from([OLD, RING]), st.sampled_from(Sealing))
def test_what_was_sealed_opens_to_the_same_text(text: str, ring: KeyRing, purpose: Sealing) -> None:
    assert ring.open(ring.seal(text, purpose), purpose) == text


def test_the_same_text_is_sealed_differently_each_time_and_shows_nothing_of_itself() -> None:
    first, second = RING.seal("ana@example.com", CONTACT), RING.seal("ana@example.com", CONTACT)
    assert first != second
    assert first.startswith("sealed:2:contact.1:") and "ana" not in first


@pytest.mark.parametrize("ring", [OLD, RING], ids=["a ring of one key", "a key a purpose"])
@pytest.mark.parametrize("purpose", Sealing)
def test_a_value_opens_for_no_purpose_but_its_own(ring: KeyRing, purpose: Sealing) -> None:
    sealed = ring.seal("ana@example.com", purpose)
    for other in set(Sealing) - {purpose}:
        with pytest.raises(CannotOpen):
            ring.open(sealed, other)
        renamed = Sealed(sealed.replace(f":{purpose}.1:", f":{other}.1:"))
        with pytest.raises(CannotOpen):
            ring.open(renamed, other)


def test_the_purpose_is_bound_to_the_value_and_not_to_the_key_alone() -> None:
    """Two purposes that were given one key by mistake still do not open one another's."""
    ring = KeyRing.parse(f"contact.1={A},words.1={A}")
    moved = Sealed(ring.seal("ana", CONTACT).replace("contact.1", "words.1"))
    with pytest.raises(CannotOpen):
        ring.open(moved, Sealing.WORDS)


def test_what_version_0_2_0_sealed_opens_for_ever() -> None:
    assert OLD.open(SEALED_BY_0_2_0, CONTACT) == "ana"
    turned = KeyRing.parse(KeyRing.fresh(IN_THE_RING), f"index={A},k1={B}")
    assert turned.open(SEALED_BY_0_2_0, CONTACT) == "ana"
    assert turned.seal("ana", CONTACT).startswith("sealed:2:contact.1:")
    with pytest.raises(CannotOpen):
        RING.open(SEALED_BY_0_2_0, CONTACT)


def test_after_a_change_of_keys_the_new_key_seals_and_the_old_ones_still_open() -> None:
    old = OLD.seal("ana", CONTACT)
    changed = KeyRing.parse(f" index={A}, contact.1={C},k1={B}\n")
    assert changed.open(old, CONTACT) == "ana"
    assert changed.seal("ana", CONTACT).startswith("sealed:2:contact.1:")
    assert changed.seal("ana", Sealing.WORDS).startswith("sealed:2:k1:")
    assert changed.index("email", "ana") == OLD.index("email", "ana")


@pytest.mark.parametrize(
    "value",
    [
        OLD.seal("ana", CONTACT)[:-8] + "AAAAAAA=",  # altered
        KeyRing.parse(f"index={A},k9={B}").seal("ana", CONTACT),  # a key this ring does not hold
        KeyRing.parse(f"index={A},k1={C}").seal("ana", CONTACT),  # another key of that name
        SEALED_BY_0_2_0.replace("k1", "k9"),
        "sealed:k1:",
        "sealed:k1:AAAA",
        "sealed:k1:?",
        "sealed:index:AAAA",
        "sealed:2:k1:",
        "sealed:2:index:AAAA",
        "sealed:2:",
        "ana@example.com",
        "",
    ],
    ids=range(13),
)
def test_what_is_altered_foreign_or_not_sealed_does_not_open_and_is_not_repeated(value: str) -> None:
    with pytest.raises(CannotOpen) as refusal:
        OLD.open(Sealed(value), CONTACT)
    assert "ana" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "k1", f"index={A},k1=short", f"index={A},k1=AAAA", f"index={A},k1", f"{A},{B}"])
def test_a_malformed_key_ring_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="key ring"):
        KeyRing.parse(text)


@pytest.mark.parametrize(
    "keys", [f"k1={B}", f"index={A}", KeyRing.fresh([Sealing.CONTACT])], ids=["seals", "finds", "opens"]
)
def test_a_role_does_not_start_without_a_key_it_needs(keys: str) -> None:
    environment = {"GUESTLOOP_CONSOLE_DATABASE": "postgresql://nowhere", "GUESTLOOP_KEYS": keys}
    with pytest.raises(SettingError, match="GUESTLOOP_KEYS: no key of the purpose «"):
        Settings.read("console", environment)


def test_a_key_of_a_newer_version_is_left_alone() -> None:
    """So that the version before starts with the ring that the version after has made."""
    ring = KeyRing.parse(f"{KeyRing.fresh()},palm_print.1={A}")
    assert ring.open(ring.seal("ana", CONTACT), CONTACT) == "ana"


def test_a_fresh_key_ring_is_one_of_its_own_and_has_a_key_of_every_purpose() -> None:
    first, second = KeyRing.fresh(), KeyRing.fresh()
    assert first != second
    assert KeyRing.parse(first).missing() == []
    with pytest.raises(CannotOpen):
        KeyRing.parse(first).open(KeyRing.parse(second).seal("ana", CONTACT), CONTACT)


@given(TEXTS, TEXTS, st.sampled_from([OLD, RING]))
def test_the_blind_index_is_one_a_kind_and_value(one: str, other: str, ring: KeyRing) -> None:
    assert ring.index("email", one) == ring.index("email", one)
    assert (ring.index("email", one) == ring.index("email", other)) == (one == other)
    assert ring.index("email", one) != ring.index("sms", one)


def test_a_blind_index_names_its_key_and_the_first_key_of_all_made_64_digits() -> None:
    assert OLD.index("email", "ana") == "6189b57e3f80391f2a5037c32ae3dfb97782959e18cdb90fe51949fc9da4b40d"
    assert RING.index("email", "ana").startswith("point.1:") and len(RING.index("email", "ana")) == 51


def test_a_value_is_looked_for_under_every_key_that_ever_indexed_it() -> None:
    ring = KeyRing.parse(f"point.2={C},point.1={B},index={A}")
    newest, middle, oldest = ring.indexes("email", "ana")
    assert newest == ring.index("email", "ana") and newest.startswith("point.2:")
    assert middle == KeyRing.parse(f"point.1={B}").index("email", "ana")
    assert oldest == OLD.index("email", "ana")


def test_every_purpose_is_held_by_services_there_are_and_every_index_has_a_kind() -> None:
    assert set(HELD_BY) == set(PURPOSES) and len({str(one) for one in PURPOSES}) == len(PURPOSES)
    assert all(services and services <= ALL for services in HELD_BY.values())
    assert frozenset(EVERY_SERVICE) == ALL
    assert set(KINDS.values()) == set(Indexing)


@pytest.mark.parametrize("service", EVERY_SERVICE)
@pytest.mark.parametrize("whole", [OLD, RING], ids=["a ring of one key", "a key a purpose"])
def test_a_service_works_with_its_own_purposes_and_no_other(whole: KeyRing, service: str) -> None:
    ring = whole.held_by(service)
    for purpose in Sealing:
        if service in HELD_BY[purpose]:
            assert ring.open(whole.seal("ana", purpose), purpose) == "ana"
            continue
        with pytest.raises(CannotOpen):
            ring.open(whole.seal("ana", purpose), purpose)
        with pytest.raises(CannotOpen):
            ring.open(SEALED_BY_0_2_0, purpose)
        with pytest.raises(SettingError, match=f"no key of the purpose «{purpose}»"):
            ring.seal("ana", purpose)
    for kind, index in KINDS.items():
        assert bool(ring.indexes(kind, "ana")) == (service in HELD_BY[index])
    for signing in Signing:
        assert bool(ring.names(signing)) == (service in HELD_BY[signing])


def test_a_link_in_an_old_mail_opens_after_the_key_was_turned() -> None:
    assert LinkSigner.of(OLD).sign("survey", make_id("message", 1)) == LINK_OF_0_2_0
    turned = LinkSigner.of(KeyRing.parse(f"links.1={C},index={A}"))
    assert turned.read("survey", LINK_OF_0_2_0) == make_id("message", 1)
    assert turned.sign("survey", make_id("message", 1)) != LINK_OF_0_2_0
    with pytest.raises(BadLink):
        turned.read("unsubscribe", LINK_OF_0_2_0)


def test_the_erased_are_known_again_under_every_key_the_newest_first() -> None:
    before = KeyRing.parse(f"erasure.1={A}").erasure
    after = KeyRing.parse(f"erasure.2={B},erasure.1={A}").erasure
    newest, oldest = after.hashes("email", "house", "ana@example.com")
    assert [oldest] == before.hashes("email", "house", "ana@example.com")
    assert newest.startswith("erasure.2:") and len(newest) == len("erasure.2:") + 64
    assert newest not in after.hashes("email", "housea", "na@example.com")
    assert newest not in after.hashes("sms", "house", "ana@example.com")


def test_without_an_erasure_key_nothing_is_taken_for_not_erased() -> None:
    with pytest.raises(SettingError, match=f"GUESTLOOP_ERASURE_KEYS.*{Hashing.ERASURE}"):
        OLD.erasure.hashes("email", "ana@example.com")


@given(st.sampled_from(list(KINDS)), TEXTS)
def test_a_blind_index_is_the_hmac_of_kind_and_value(kind: str, text: str) -> None:
    of_kind = hmac.digest(b"a" * 32, f"{kind}\x1f{text}".encode(), "sha256")
    assert OLD.index(kind, text) == of_kind.hex()
    newer = KeyRing.parse(",".join(f"{purpose}.1={A}" for purpose in Indexing))
    assert newer.index(kind, text) == f"{KINDS[kind]}.1:{base64.urlsafe_b64encode(of_kind).decode().rstrip('=')}"


@given(TEXTS)
def test_an_id_is_the_uuid5_of_what_it_identifies(text: str) -> None:
    made = make_id("guest", text)
    assert made == (found := uuid5(NAMESPACE, f"guest\x1f{text}"))
    assert (made.is_safe, hash(made), str(made), made.version) == (found.is_safe, hash(found), str(found), 5)
