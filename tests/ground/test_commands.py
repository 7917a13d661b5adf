"""The commands a reader is told of exist."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.databases import SERVICES

ROOT = SERVICES.parent


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_make_alone_lists_everything_there_is_to_do() -> None:
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[0] for line in listed.stdout.splitlines()} == targets()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run", "docs/decisions.md"])
def test_every_make_command_on_a_page_is_there(page: str) -> None:
    path = ROOT / page
    commands = (
        re.findall(r"(?:^|`)make ([a-z]+)(?:`|\s*$|\s+#)", path.read_text(), re.MULTILINE) if path.exists() else []
    )
    assert set(commands) <= targets()


SCRIPTS = [
    ".ci/run",
    *(f"deploy/{name}" for name in ("install", "install-rabbitmq", "install-pgbouncer", "install-mail-servers")),
    *(f"deploy/{name}" for name in ("install-registry", "lock", "build", "sign-image", "verify-image")),
    *(f"deploy/{name}" for name in ("compose", "guestloop", "guestloop-kubernetes", "secrets", "roll", "smoke")),
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_sound_and_may_be_run(script: str) -> None:
    path = ROOT / script
    shell = path.read_text().splitlines()[0].split("/")[-1].removeprefix("env ")
    subprocess.run([shell, "-n", str(path)], check=True)
    assert path.stat().st_mode & 0o111
