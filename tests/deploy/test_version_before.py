"""The version before works on this version's schema: its own tests of its main work, on a schema made by this version.

The code of the version before comes from this repository's history, the schema and what makes it from this tree. While
a house is upgraded, that is what runs: first the schema, then the roles one by one.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.databases import SERVICES

ROOT = SERVICES.parent
BEFORE = "ef3d0742aae7f55f9c54034d639af2a84fb33e64"
"""The version before: the commit of release 0.3.0."""
MIGRATIONS = ("shared", *(f"services/{path.name}" for path in SERVICES.iterdir() if (path / "migrations").is_dir()))
RUNNER = ("migrate.py", "migrating.py", "statements.py")
MAIN_WORK = (
    "tests/engine/test_answered.py",
    "tests/segments/test_stays.py",
    "tests/campaigns/test_win_back.py",
    "tests/messaging/test_sending.py",
    "tests/feedback/test_surveys.py",
)
"""A guest's way: they come, a journey writes, the message goes, they answer, and a colleague answers them."""


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The tree of the version before, with the migrations of this one and what applies them."""
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", BEFORE], capture_output=True)
    if packed.returncode:
        pytest.skip(f"this clone's history does not reach the version before, {BEFORE[:8]}: git fetch --unshallow")
    tree = tmp_path / "before"
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(tree, filter="data")
    for folder in MIGRATIONS:
        shutil.copytree(ROOT / folder / "migrations", tree / folder / "migrations", dirs_exist_ok=True)
    for name in RUNNER:
        shutil.copy(ROOT / "shared/database" / name, tree / "shared/database" / name)
    return tree


@pytest.mark.proof
def test_the_version_before_does_its_main_work_on_this_versions_schema(before: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    wanted = [*MAIN_WORK, "-q", "-m", "not proof", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *wanted], cwd=before, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-1_000:]
    assert " passed" in done.stdout
