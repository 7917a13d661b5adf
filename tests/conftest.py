"""What every test may ask for: a PostgreSQL, a fresh database of a service, a key ring, a RabbitMQ."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import cache, partial
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from hypothesis import settings
from werkzeug.routing import Rule

from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.compiled_addresses import compile_once
from tests.compiled_pages import OF_A_RUN, CompiledPages
from tests.databases import Lending
from tests.memory_disk import memory_disk
from tests.rabbit import RabbitNode, why_not
from tests.warm_sessions import close, connect_gen

TESTS = Path(__file__).parent
BROWSER = TESTS / "browser"
WHOLE_HOUSES = frozenset({"bench", "chaos", "deploy", "engine", "observability", "oracle", "rehearsal"})
"""Folders of tests that play a house or start its processes. Those that share nothing go first of their kind: a run
ends with short ones, and no worker waits for another's long one."""
KEYS = (
    "index=aW5kZXgta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU=,k1=c2VhbGluZy1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0=,"
    "erasure.1=ZXJhc3VyZS1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0="
)

# what one of the many processes compiled is compiled for all, also where the environment says otherwise
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# a busy machine is no failure, and what CI finds is found again
settings.register_profile("guestloop", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("guestloop")
Flask.jinja_options = {"bytecode_cache": CompiledPages()}
Rule.compile = compile_once  # type: ignore[method-assign,assignment]
psycopg.Connection._connect_gen = classmethod(connect_gen)  # type: ignore[method-assign,assignment]
psycopg.Connection.close = close  # type: ignore[method-assign,assignment]

MakeDatabase = Callable[[str], Database]


def pytest_configure(config: pytest.Config) -> None:
    """All files of the run and of the processes it starts lie in one folder, which goes at the end."""
    if "TMPDIR" not in os.environ and (place := memory_disk()):
        folder = tempfile.mkdtemp(prefix=OF_A_RUN, dir=place)
        Path(folder).chmod(0o1777)  # as /tmp is: a database started by root runs as somebody else
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


@pytest.hookimpl(tryfirst=True)  # before xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What tests share is started once: one worker has all tests of the RabbitMQ node, or of one installation."""
    for item in items:
        if not item.get_closest_marker("xdist_group") and (group := _group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not _plays_a_house_alone(item))


def pytest_collection_finish() -> None:
    """What ten thousand tests were collected from stays to the end: the collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # so many objects are what one page makes


def _group_of(item: pytest.Item) -> str | None:
    if item.get_closest_marker("rabbitmq"):
        return "rabbitmq"
    fixtures = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
    scopes = {definitions[-1].scope for definitions in fixtures.values()}
    if _is_of_browser(item.path) or "package" in scopes:
        return item.path.parent.name
    return item.path.stem if "module" in scopes else None


def _plays_a_house_alone(item: pytest.Item) -> bool:
    """What shares a node with others keeps its turn: a queue that it leaves there is bound for those after it."""
    return not item.get_closest_marker("xdist_group") and item.path.relative_to(TESTS).parts[0] in WHOLE_HOUSES


@cache
def _is_of_browser(file: Path) -> bool:
    return file.is_relative_to(BROWSER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where `CI` is set, a skip is a failure; only absent data is an excuse."""
    report = yield
    excused = hasattr(report, "wasxfail") or item.get_closest_marker("data") is not None
    if report.skipped and os.environ.get("CI") and not excused:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def keyring() -> KeyRing:
    return KeyRing.parse(KEYS)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run (of this worker, where several run), gone afterwards."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False, start_within=300) as server:
        yield server


@pytest.fixture(scope="session")
def lending(cluster: EmbeddedPostgres, keyring: KeyRing) -> Lending:
    return Lending(cluster, keyring)


@pytest.fixture
def make_database(lending: Lending) -> Iterator[MakeDatabase]:
    """`make_database("segments")`: a database of that service with nothing in it but what its migrations bring."""
    with lending.of_one_test() as make:
        yield make


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitNode]:
    """A running RabbitMQ node of this test run; a test that kills it starts it again."""
    if reason := why_not():
        pytest.skip(reason)
    node = RabbitNode(tmp_path_factory.mktemp("rabbitmq"))
    try:
        node.start()
        yield node
    finally:
        node.stop()
