"""Keys are turned while everything runs: add, use, seal again, retire."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guestloop.cli import main
from guestloop.composition.services import MANIFESTS, SERVICES, Group, build_group
from guestloop.operations import rotate_keys
from guestloop.operations.rotate_keys import add_keys, purposes_named, retire_key, ring_of, use_newest_keys
from guestloop.operations.seal_again import SealedColumn, resting_under, seal_again, sealed_columns
from services.messaging.store.sending.sent_texts import KeptText, keep_texts
from shared.clock import SystemClock
from shared.crypto.purposes import Hashing, Indexing, Sealing, Signing
from shared.crypto.sealing import KeyRing, Sealed
from shared.database.pool import Database, Tx
from shared.errors import Conflict, InputError
from shared.ids import make_id
from tests.cast import NOW
from tests.conftest import KEYS, MakeDatabase

CONTACT = SealedColumn("segments", "contact_point", "address_sealed", Sealing.CONTACT)
MESSAGE = make_id("message", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a home of version 0.2.0."""
    ring, erasure = KEYS.rsplit(",", 1)
    (tmp_path / "keys").write_text(ring)
    (tmp_path / "erasure_keys").write_text(erasure)
    return tmp_path


@pytest.fixture
def dsns(make_database: MakeDatabase) -> dict[str, str]:
    return {service: make_database(service).dsn for service in SERVICES}


def group_with(dsns: dict[str, str], ring: KeyRing) -> Group:
    databases = {one: Database(dsn, service=one, keyring=ring) for one, dsn in dsns.items()}
    return build_group(databases, SystemClock(), {})


@pytest.fixture
def before(dsns: dict[str, str], folder: Path) -> Iterator[Group]:
    """Everything that rests was sealed by the ring of 0.2.0, two rows without a purpose."""
    with closing(group_with(dsns, ring_of(folder))) as group:
        contacts = [seal_as_0_2_0("ana@example.com"), seal_as_0_2_0("ben@example.com")]
        contacts += [ring_of(folder).seal(f"guest{number}@example.com", Sealing.CONTACT) for number in range(700)]
        with group.database("segments").transaction() as tx:
            tx.execute(
                """
                insert into contact_point (point, channel, address_sealed, kind)
                select 'point ' || place, 'email', address, 'personal'
                from unnest(%s::text[]) with ordinality as said (address, place)
                """,
                [contacts],
            )
        with group.database("messaging").transaction() as tx:
            text = tx.keyring.seal("{}", Sealing.MESSAGE_TEXT)
            tx.execute("insert into sent_text values (%s, null, %s, %s)", [MESSAGE, NOW, text])
        yield group


def seal_as_0_2_0(text: str) -> Sealed:
    key, nonce = base64.b64decode(KEYS.split("k1=")[1].split(",")[0]), os.urandom(12)
    box = nonce + AESGCM(key).encrypt(nonce, text.encode(), None)
    return Sealed(f"sealed:k1:{base64.b64encode(box).decode()}")


def addresses(group: Group) -> list[str]:
    with group.database("segments").transaction() as tx:
        found = tx.execute("select address_sealed from contact_point").fetchall()
    return [sealed for (sealed,) in found]


@pytest.mark.usefixtures("before")
def test_everything_is_sealed_again_and_the_old_key_can_go(dsns: dict[str, str], folder: Path) -> None:
    add_keys(folder)
    use_newest_keys(folder)
    with closing(group_with(dsns, ring_of(folder))) as group:
        assert resting_under(group, "k1") == {"segments.contact_point": 702, "messaging.sent_text": 1}
        assert seal_again(group, CONTACT) == 702
        assert seal_again(group, CONTACT) == 0
        assert all(one.startswith("sealed:2:contact.1:") for one in addresses(group))
        opened = {ring_of(folder).open(Sealed(one), Sealing.CONTACT) for one in addresses(group)}
        assert len(opened) == 702 and {"ana@example.com", "guest699@example.com"} <= opened
        assert resting_under(group, "k1") == {"messaging.sent_text": 1}
        for one in sealed_columns():
            seal_again(group, one)
        assert resting_under(group, "k1") == {}
    retire_key(folder, "k1")
    assert "k1" not in ring_of(folder).names(Sealing.CONTACT)
    assert ",k1=" not in "," + (folder / "keys").read_text()
    with closing(group_with(dsns, ring_of(folder))) as group:
        assert {ring_of(folder).open(Sealed(one), Sealing.CONTACT) for one in addresses(group)} == opened


def test_what_rests_as_bytes_is_sealed_again_as_bytes(dsns: dict[str, str], folder: Path) -> None:
    add_keys(folder)
    use_newest_keys(folder)
    with closing(group_with(dsns, ring_of(folder))) as group, group.database("messaging").transaction() as tx:
        keep_texts(tx, [KeptText(message_id=MESSAGE, sealed=seal_text("{}", tx), sheet=None, sent_at=NOW)])
    add_keys(folder)
    use_newest_keys(folder)
    with closing(group_with(dsns, ring_of(folder))) as group:
        assert resting_under(group, "message_text.1") == {"messaging.sent_text": 1}
        assert sum(seal_again(group, one) for one in sealed_columns()) == 1
        assert resting_under(group, "message_text.1") == {}
        with group.database("messaging").transaction() as tx:
            kept = "select get_byte(text_boxed, 0), text_sealed from sent_text"
            assert tx.execute(kept).fetchone() == (2, None)
            row = tx.execute("select text_sealed from text_of_message").fetchone()
            assert row and tx.keyring.open(row[0], Sealing.MESSAGE_TEXT) == "{}"


def seal_text(text: str, tx: Tx) -> Sealed:
    return tx.keyring.seal(text, Sealing.MESSAGE_TEXT)


def test_a_role_that_seals_meanwhile_loses_nothing(before: Group, dsns: dict[str, str], folder: Path) -> None:
    """A row that somebody holds is left for the next round; one that changes is not written over."""
    add_keys(folder)
    use_newest_keys(folder)
    with closing(group_with(dsns, ring_of(folder))) as group, before.database("segments").transaction() as tx:
        newer = tx.keyring.seal("moved@example.com", Sealing.CONTACT)
        tx.execute("update contact_point set address_sealed = %s where point = 'point 5'", [newer])
        assert seal_again(group, CONTACT) == 701
    with closing(group_with(dsns, ring_of(folder))) as group:
        assert newer in addresses(group)
        assert seal_again(group, CONTACT) == 1
        with group.database("segments").transaction() as tx:
            row = tx.execute("select address_sealed from contact_point where point = 'point 5'").fetchone()
    assert row and ring_of(folder).open(row[0], Sealing.CONTACT) == "moved@example.com"


def test_an_event_that_is_kept_holds_the_key_back(before: Group, folder: Path) -> None:
    body = json.dumps({"address": ring_of(folder).seal("ana@example.com", Sealing.CONTACT)}).encode()
    with before.database("segments").transaction() as tx:
        tx.execute(
            """
            insert into outbox (message_id, type, lane, headers, body, subjects, created_at, available_at)
            values (%(id)s, 'guest.changed.v1', 'stay', '{}', %(body)s, 1, %(at)s, %(at)s)
            """,
            {"id": MESSAGE, "body": body, "at": NOW},
        )
        tx.execute(
            """
            insert into dead_letter (concern, message_id, place, type, subject_key, subject, republished, reason,
                                     attempts, at)
            values ('guests', %s, 0, 'guest.changed.v1', '', %s, false, 'no', 1, %s)
            """,
            [MESSAGE, body.decode(), NOW],
        )
    assert resting_under(before, "k1")["segments.outbox"] == 1
    assert resting_under(before, "k1")["segments.dead_letter"] == 1


@pytest.mark.usefixtures("before")
def test_a_key_is_not_retired_while_anything_rests_under_it(
    dsns: dict[str, str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for service, dsn in dsns.items():
        monkeypatch.setenv(f"GUESTLOOP_{service.upper()}_DATABASE", dsn)
    monkeypatch.setenv("GUESTLOOP_KEYS_FILE", str(folder / "keys"))
    named = ["--folder", str(folder)]

    def keys(*arguments: str) -> int:
        monkeypatch.setenv("GUESTLOOP_KEYS", "")
        monkeypatch.delenv("GUESTLOOP_KEYS")  # what the command before has read from the file
        return main(["keys", *arguments, *named])

    assert keys("add") == 0 and keys("use") == 0
    assert keys("retire", "k1") == 1
    assert "702 in segments.contact_point, 1 in messaging.sent_text" in capsys.readouterr().err
    assert keys("seal", "--json") == 0
    assert json.loads(capsys.readouterr().out)["segments.contact_point.address_sealed"] == 702
    assert keys("retire", "k1") == 0
    named.clear()  # as at the desk, which is told the ring and has no folder
    assert keys("--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["contact"] == ["contact.1"]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("contact.1", "in use for «contact»"),
        ("contact.9", "no key «contact.9»"),
        ("erasure.1", "kept for ever"),
        ("links.1", "links in messages to guests"),
    ],
)
def test_what_must_be_kept_is_not_retired(tmp_path: Path, key: str, reason: str) -> None:
    (tmp_path / "keys").write_text(KeyRing.fresh([*Sealing, *Indexing, *Signing]))
    (tmp_path / "erasure_keys").write_text(KeyRing.fresh(list(Hashing)))
    for purposes in ([Signing.LINKS], [Hashing.ERASURE]):
        add_keys(tmp_path, purposes)
        use_newest_keys(tmp_path, purposes)
    with pytest.raises(Conflict, match=reason):
        retire_key(tmp_path, key)


def test_an_erasure_key_is_succeeded_in_its_own_file(folder: Path) -> None:
    (old,) = ring_of(folder).erasure.hashes("email", "ana@example.com")
    ring = (folder / "keys").read_text()
    assert add_keys(folder, [Hashing.ERASURE]) == use_newest_keys(folder, [Hashing.ERASURE]) == ["erasure.2"]
    assert ring_of(folder).erasure.hashes("email", "ana@example.com")[1] == old
    assert (folder / "keys").read_text() == ring
    assert (folder / "erasure_keys").stat().st_mode & 0o777 == (folder / "keys").stat().st_mode & 0o777


def test_a_purpose_that_there_is_not_is_named() -> None:
    assert purposes_named(["contact", "links"]) == (Sealing.CONTACT, Signing.LINKS)
    assert purposes_named([]) == rotate_keys.TURNED
    with pytest.raises(InputError, match="'contacts' is no purpose of a key"):
        purposes_named(["contacts"])


def test_what_is_called_sealed_is_declared_with_its_purpose() -> None:
    declared = {(one.service, one.table, one.column) for one in sealed_columns()}
    for manifest in MANIFESTS:
        for table in manifest.personal_data.tables:
            for name in table.columns:
                assert not name.endswith("_sealed") or (manifest.name, table.name, name) in declared
    assert ("console", "account", "email") in declared
