"""A home: its key ring is made once and read by its owner only."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.embedded.home import Home
from shared.errors import SettingError

OF_0_2_0 = ",".join(f"{name}=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" for name in ("index", "k1"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.open()
    return home


def test_the_key_ring_is_made_once_and_closed_to_others(home: Home) -> None:
    sealed = home.keyring().seal("ana@example.com", Sealing.CONTACT)
    assert Home(home.path).keyring().open(sealed, Sealing.CONTACT) == "ana@example.com"
    assert {path.name: path.stat().st_mode & 0o777 for path in home.path.iterdir()} == {
        "keys": 0o600,
        "erasure_keys": 0o600,
    }


def test_the_erasure_keys_are_in_a_file_of_their_own(home: Home) -> None:
    hashes = home.keyring().erasure.hashes("email", "ana@example.com")
    assert KeyRing.parse((home.path / "erasure_keys").read_text()).erasure.hashes("email", "ana@example.com") == hashes
    assert "erasure" not in (home.path / "keys").read_text()


def test_a_home_of_version_0_2_0_gets_erasure_keys_and_keeps_its_ring(home: Home) -> None:
    (home.path / "keys").write_text(OF_0_2_0)
    assert home.keyring().names(Sealing.CONTACT) == ["k1"] and home.keyring().missing() == []
    assert (home.path / "keys").read_text() == OF_0_2_0


def test_processes_that_make_the_key_ring_at_once_agree_on_one(home: Home) -> None:
    with ThreadPoolExecutor(8) as threads:
        rings = list(threads.map(lambda _: Home(home.path).keyring(), range(8)))
    assert len({ring.index("email", "ana@example.com") for ring in rings}) == 1


def test_a_given_key_ring_takes_the_place_of_the_file(tmp_path: Path) -> None:
    keys = KeyRing.fresh()
    home = Home.from_environment({"GUESTLOOP_HOME": str(tmp_path), "GUESTLOOP_KEYS": keys})
    assert home.keyring().open(KeyRing.parse(keys).seal("ana", Sealing.WORDS), Sealing.WORDS) == "ana"
    assert not (tmp_path / "keys").exists()


def test_a_home_is_named_by_a_variable_and_else_stands_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment({}).path == tmp_path / ".guestloop"
    assert Home.from_environment({"GUESTLOOP_HOME": ""}).path == tmp_path / ".guestloop"
    assert Home.from_environment({"GUESTLOOP_HOME": "elsewhere"}).path == tmp_path / "elsewhere"


def test_a_home_is_closed_to_others(home: Home) -> None:
    assert home.path.stat().st_mode & 0o777 == 0o700
    home.open()  # again: nothing changes


def test_a_home_that_cannot_be_made_or_is_somebody_elses_is_one_sentence_naming_the_variable(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match=r"^GUESTLOOP_HOME: .* cannot be made.*$"):
        Home(tmp_path / "file" / "home").open()
    monkeypatch.setattr(os, "geteuid", lambda: home.path.stat().st_uid + 4711)
    with pytest.raises(SettingError, match=r"^GUESTLOOP_HOME: .* not yours to write in.*$"):
        home.open()


def test_a_damaged_key_ring_is_one_sentence_without_the_keys(home: Home) -> None:
    (home.path / "keys").write_text("index=c2VjcmV0")
    with pytest.raises(SettingError) as refusal:
        home.keyring()
    assert "c2VjcmV0" not in str(refusal.value)
