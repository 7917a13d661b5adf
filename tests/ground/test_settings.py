"""Every setting is declared once, read by code, and named nowhere without being declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from guestloop.backup.here import role_here
from guestloop.backup.house import House
from guestloop.composition.services import MANIFESTS
from guestloop.composition.settings_document import EXAMPLE, README, example, table
from guestloop.supervisor.up import LocalAddress
from services.messaging.channels.registry import chosen_senders
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.home import Home
from shared.errors import SettingError
from shared.settings import declared
from shared.settings.environment import unknown_settings, warn_of_unknown_settings
from shared.settings.installation import DATABASES, SIDE_BIND, TRACES
from shared.settings.role import Settings
from shared.settings.setting import Setting
from shared.telemetry.admin_port import open_admin_port
from shared.telemetry.health import RoleHealth
from shared.telemetry.tracing import start_tracing
from shared.web.config import WebConfig

ROOT = Path(__file__).parents[2]
SETTINGS = {one.name: one for one in declared.SETTINGS}
EXAMPLES = {name: one.example for name, one in SETTINGS.items()}
NAME = re.compile(r"GUESTLOOP_[A-Z_]*[A-Z]")
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "docs/operations.md", "docs/privacy.md", "Makefile")),
    *(one for one in (ROOT / "deploy").rglob("*") if one.is_file() and not {"private", "__pycache__"} & set(one.parts)),
]


class Recorder(Mapping[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.fixture
def database(keyring: KeyRing) -> Database:
    return Database("", service="messaging", keyring=keyring)


def malformed(name: str) -> dict[str, str]:
    return {**EXAMPLES, name: "no such thing/"}


def test_every_declared_setting_is_read_by_code(database: Database) -> None:
    environment = Recorder(EXAMPLES)
    readers: list[Callable[[Mapping[str, str]], object]] = [
        *(partial(Settings.read, service) for service in DATABASES),
        *(manifest.read_config for manifest in MANIFESTS),
        WebConfig.read,
        Home.from_environment,
        LocalAddress.from_environment,
        House.from_environment,
        lambda given: role_here(House.nowhere(given), given, SystemClock()),
        lambda given: chosen_senders(given, database),
    ]
    for read in readers:
        read(environment)
    starters: dict[str, Callable[[Mapping[str, str]], object]] = {
        SIDE_BIND.name: lambda given: open_admin_port(given, RoleHealth("segments", "web")),
        TRACES.name: lambda given: start_tracing(given, "segments", "web"),
    }
    for name, start in starters.items():
        given = Recorder(malformed(name))  # so that nothing is started
        with pytest.raises(SettingError, match=name):
            start(given)
        environment.asked |= given.asked
    assert {name for name in environment.asked if name.startswith("GUESTLOOP_")} == set(SETTINGS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_is_declared(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    named = {name.removesuffix("_FILE") for name in NAME.findall(text)}
    assert named <= set(declared.BY_NAME)


def test_what_only_deploy_reads_is_read_there() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS if path.parent.parent.name != "static")
    assert [name for name in declared.DEPLOYMENT if f"${{{name}" not in text] == []


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_the_example_of_a_setting_is_a_value_it_takes(setting: Setting[object]) -> None:
    assert setting.needed(EXAMPLES) is not None and setting.meaning and setting.readers
    assert setting.read({}) == setting.read({setting.name: "  "}) == setting.default
    with pytest.raises(SettingError, match=f"^{setting.name} is not set$"):
        setting.needed({})


def test_readme_and_the_example_hold_every_setting() -> None:
    """`make docs` writes them."""
    assert table() in README.read_text(encoding="utf-8")
    assert example() == EXAMPLE.read_text(encoding="utf-8")
    assert set(NAME.findall(example())) == set(declared.BY_NAME)


def test_a_misspelt_setting_is_named_with_the_one_it_is_like() -> None:
    environment = {"GUESTLOOP_CAP_CONTACT": "3", "GUESTLOOP_KEY_FILE": "/run/keys", "HOME": "/root", **EXAMPLES}
    assert unknown_settings(environment) == {
        "GUESTLOOP_CAP_CONTACT": "GUESTLOOP_CAP_CONTACTS",
        "GUESTLOOP_KEY": "GUESTLOOP_KEYS",
    }
    with capture_logs() as logs:
        warn_of_unknown_settings(environment)
    assert [(line["event"], line["setting"], line["nearest"]) for line in logs] == [
        ("unknown setting", "GUESTLOOP_CAP_CONTACT", "GUESTLOOP_CAP_CONTACTS"),
        ("unknown setting", "GUESTLOOP_KEY", "GUESTLOOP_KEYS"),
    ]
    assert unknown_settings({"GUESTLOOP_XQZ": ""}) == {"GUESTLOOP_XQZ": None}


def test_every_setting_is_declared_and_printed_once() -> None:
    names = [one.name for one in declared.SETTINGS]
    assert len(names) == len(set(names))
