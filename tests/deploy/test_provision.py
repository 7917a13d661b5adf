"""The secrets of an installation, and what the broker makes of them."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from psycopg.conninfo import conninfo_to_dict

from guestloop.composition.child_processes import same_modules
from guestloop.composition.services import SERVICES
from guestloop.operations.provision import provision
from guestloop.operations.rotate_keys import TURNED, add_keys, use_newest_keys
from shared.crypto.purposes import HELD_BY, PURPOSES, Sealing, Signing
from shared.crypto.sealing import KeyRing
from shared.crypto.signing import LinkSigner
from shared.errors import Conflict, InputError, SettingError
from shared.ids import make_id
from shared.settings.environment import read_setting_files

MESSAGE = make_id("message", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    provision(tmp_path / "private", database_host="postgres:5432", broker_host="rabbitmq:5672")
    return tmp_path / "private"


def definitions(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "definitions.json").read_text())
    return told


def test_made_again_nothing_changes_and_nothing_is_lost(folder: Path) -> None:
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert provision(folder, database_host="elsewhere", broker_host="elsewhere") == []
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_the_folder_is_closed_to_others_and_every_password_is_another(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    urls = [urlsplit((folder / f"{one}_{what}").read_text()) for one in SERVICES for what in ("database", "broker")]
    assert len({url.password for url in urls}) == 2 * len(SERVICES)
    KeyRing.parse((folder / "keys").read_text())


def test_a_service_reads_its_own_queues_says_its_own_words_and_declares_nothing(folder: Path) -> None:
    told = definitions(folder)
    rights = {one["user"]: one for one in told["permissions"]}
    own = {"configure": "^$", "write": "^guestloop$", "read": r"^feedback\."}
    assert {key: rights["guestloop_feedback"][key] for key in own} == own
    (topics,) = [one for one in told["topic_permissions"] if one["user"] == "guestloop_feedback"]
    assert r"survey\.answered\.v1" in topics["write"] and r"guest\.erased" not in topics["write"]


def test_a_password_that_somebody_chose_reaches_the_broker_and_the_database(folder: Path) -> None:
    (folder / "feedback_database").unlink()
    (folder / "feedback_database").write_text("postgresql://guestloop_feedback:it's%20mine@db/guestloop_feedback\n")
    before = definitions(folder)["users"]
    provision(folder, database_host="postgres", broker_host="rabbitmq")
    assert "create role guestloop_feedback login password 'it''s mine';" in (folder / "databases.sql").read_text()
    assert definitions(folder)["users"] == before


def test_behind_the_pooler_a_service_is_the_same_user_of_the_same_database(folder: Path) -> None:
    (folder / "feedback_database").unlink()
    (folder / "feedback_database").write_text("postgresql://desk:it%22s%20mine%2F@db:5433/feedback\n")
    provision(folder, database_host="postgres", broker_host="rabbitmq")
    told = conninfo_to_dict((folder / "feedback_pooled").read_text().strip())
    assert told == {
        "host": "pooler", "port": "6432", "dbname": "feedback", "user": "desk", "password": 'it"s mine/'
    }  # fmt: skip
    users = (folder / "pooler_users").read_text().splitlines()
    assert len(users) == len(SERVICES) and '"desk" "it""s mine/"' in users


def test_of_a_replica_the_place_is_kept_and_the_user_is_that_of_the_database(folder: Path) -> None:
    assert conninfo_to_dict((folder / "feedback_replica").read_text().strip())["host"] == "postgres-replica"
    (folder / "feedback_replica").write_text(
        "postgresql://old:word@10.0.0.7,10.0.0.8:5433/x?load_balance_hosts=random\n"
    )
    (folder / "feedback_database").unlink()
    (folder / "feedback_database").write_text("postgresql://desk:it%22s%20mine%2F@db:5433/feedback?sslmode=require\n")
    provision(folder, database_host="postgres", broker_host="rabbitmq")
    assert conninfo_to_dict((folder / "feedback_replica").read_text().strip()) == {
        "host": "10.0.0.7,10.0.0.8", "port": ",5433", "dbname": "feedback", "user": "desk",
        "password": 'it"s mine/', "load_balance_hosts": "random",
    }  # fmt: skip


def test_a_replica_that_is_named_takes_the_place_of_the_one_before_and_keeps_its_options(folder: Path) -> None:
    (folder / "console_replica").write_text("postgresql://x:y@old:5433/x?load_balance_hosts=random\n")
    provision(folder, database_host="postgres", broker_host="rabbitmq", replica_host="postgres-ro:5432")
    told = conninfo_to_dict((folder / "console_replica").read_text().strip())
    assert (told["host"], told["port"], told["load_balance_hosts"]) == ("postgres-ro", "5432", "random")
    assert conninfo_to_dict((folder / "segments_replica").read_text().strip())["host"] == "postgres-ro"


def test_a_url_without_a_password_is_one_clear_error(folder: Path) -> None:
    (folder / "console_broker").unlink()
    (folder / "console_broker").write_text("amqp://rabbitmq")
    with pytest.raises(InputError, match="console_broker holds no URL with a password"):
        provision(folder, database_host="postgres", broker_host="rabbitmq")


def test_a_setting_may_be_kept_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("so it is\n")
    environment = {"GUESTLOOP_TWILIO_TOKEN_FILE": str(tmp_path / "token"), "OTHER_FILE": "/nowhere"}
    read_setting_files(environment)
    assert environment["GUESTLOOP_TWILIO_TOKEN"] == "so it is" and "OTHER" not in environment


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"GUESTLOOP_BROKER_FILE": "/nowhere/at/all"}, "GUESTLOOP_BROKER_FILE: /nowhere/at/all cannot be read"),
        ({"GUESTLOOP_BROKER_FILE": os.devnull, "GUESTLOOP_BROKER": "amqp://a"}, "differ: set one of them"),
    ],
    ids=["missing", "twice"],
)
def test_a_file_that_cannot_be_taken_names_its_setting(settings: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        read_setting_files(dict(settings))


def test_a_role_reads_its_settings_from_files(folder: Path) -> None:
    """It gets as far as the database, which is not there."""
    told = {f"GUESTLOOP_{name.upper()}_FILE": str(folder / name) for name in ("keys", "console_database")}
    environment = {"PATH": os.environ["PATH"], **same_modules(), **told}
    command = [sys.executable, "-m", "services.console", "relay"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stderr.strip().endswith("console relay: GUESTLOOP_BROKER is not set")


def test_a_key_is_turned_in_two_steps_and_what_was_sealed_stays_readable(folder: Path) -> None:
    def ring() -> KeyRing:
        return KeyRing.parse((folder / "keys").read_text())

    old = ring()
    before = old.seal("rita@example.com", Sealing.CONTACT)
    assert "contact.2" in add_keys(folder)
    between = ring()
    assert between.seal("x", Sealing.CONTACT).startswith("sealed:2:contact.1:")
    assert "contact.2" in use_newest_keys(folder)
    after = ring()
    sealed = after.seal("rita@example.com", Sealing.CONTACT)
    assert sealed.startswith("sealed:2:contact.2:")
    assert between.open(sealed, Sealing.CONTACT) == after.open(before, Sealing.CONTACT) == "rita@example.com"
    assert after.index("email", "x") == old.index("email", "x")


def test_a_ring_of_earlier_versions_gets_keys_of_its_own_for_each_purpose(folder: Path) -> None:
    one = base64.b64encode(b"k" * 32).decode()
    (folder / "keys").chmod(0o600)
    (folder / "keys").write_text(f"index={one},k1={one}\n")
    old = KeyRing.parse((folder / "keys").read_text())
    sealed, link = old.seal("rita@example.com", Sealing.CONTACT), LinkSigner.of(old).sign("survey", MESSAGE)
    assert add_keys(folder) == use_newest_keys(folder) == [f"{one}.1" for one in TURNED]
    new = KeyRing.parse((folder / "keys").read_text())
    assert new.names(Sealing.CONTACT) == ["contact.1", "k1"] and new.names(Signing.LINKS) == ["links.1", "index"]
    assert new.open(sealed, Sealing.CONTACT) == "rita@example.com"
    assert LinkSigner.of(new).read("survey", link) == MESSAGE


def test_a_key_that_nobody_added_cannot_be_used(folder: Path) -> None:
    with pytest.raises(Conflict, match="add another one first"):
        use_newest_keys(folder)


def test_the_topology_is_printed_as_the_broker_takes_it() -> None:
    command = [str(Path(sys.executable).parent / "guestloop"), "topology"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert {queue["name"] for queue in told["queues"]} >= {f"{one}.dead" for one in SERVICES} and told["policies"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_the_keys_of_its_own_purposes_alone(folder: Path, service: str) -> None:
    share = KeyRing.parse((folder / f"{service}_keys").read_text())
    whole = KeyRing.parse((folder / "keys").read_text(), (folder / "erasure_keys").read_text())
    for purpose in PURPOSES:
        assert share.names(purpose) == (whole.names(purpose) if service in HELD_BY[purpose] else [])


def test_an_installation_of_version_0_2_0_is_given_shares_when_its_secrets_are_made_again(folder: Path) -> None:
    one = base64.b64encode(b"k" * 32).decode()
    for name in ("keys", "erasure_keys", *(f"{service}_keys" for service in SERVICES)):
        (folder / name).unlink()
    (folder / "keys").write_text(f"index={one},k1={one}\n")
    provision(folder, database_host="postgres:5432", broker_host="rabbitmq:5672")
    assert (folder / "keys").read_text() == f"index={one},k1={one}\n"
    for service in SERVICES:
        assert KeyRing.parse((folder / f"{service}_keys").read_text()).held_by(service).missing() == []


def test_a_turned_key_is_in_the_shares_of_those_who_work_with_it(folder: Path) -> None:
    add_keys(folder)
    shares = {one: KeyRing.parse((folder / f"{one}_keys").read_text()) for one in SERVICES}
    holders = {one for one, share in shares.items() if share.names(Sealing.CONTACT)}
    assert holders == {"segments", "messaging"}
    assert all(shares[one].names(Sealing.CONTACT) == ["contact.1", "contact.2"] for one in holders)
