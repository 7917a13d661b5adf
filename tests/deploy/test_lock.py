"""The lock files fit pyproject.toml: `make lock` was run after its last change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN_TIME: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
BUILD: list[str] = PYPROJECT["build-system"]["requires"]

TOOLS = "deploy/supply_chain"
LOCKS = {
    f"{TOOLS}/requirements.lock": [
        line for line in (ROOT / TOOLS / "requirements.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"
    ],
    "requirements.lock": [*RUN_TIME, *BUILD, *(one for extra in EXTRAS.values() for one in extra)],
    "deploy/image/requirements.lock": [*RUN_TIME, *EXTRAS["traces"], *BUILD],
}


def entries(lock: str) -> Iterator[tuple[str, Version, list[str]]]:
    """Name, version and hashes of every entry of a lock file."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in text.replace("\\\n", "").splitlines():
        requirement, *hashes = line.split("--hash=")
        name, version = requirement.split(";")[0].strip().split("==")
        yield canonicalize_name(name), Version(version), [one.strip() for one in hashes]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_within_its_range(lock: str) -> None:
    locked: dict[str, list[Version]] = {}
    for name, version, _ in entries(lock):
        locked.setdefault(name, []).append(version)
    for one in LOCKS[lock]:
        requirement = Requirement(one)
        versions = locked.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not in {lock}: run «make lock»"
        assert all(version in requirement.specifier for version in versions), f"{one} in {lock}: run «make lock»"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_has_its_hashes(lock: str) -> None:
    for name, _, hashes in entries(lock):
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_the_image_runs_the_versions_that_the_tests_run() -> None:
    tested = {(name, version) for name, version, _ in entries("requirements.lock")}
    shipped = {(name, version) for name, version, _ in entries("deploy/image/requirements.lock")}
    assert shipped <= tested
