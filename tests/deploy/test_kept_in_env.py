"""What deploy/.env keeps (files of compose, how many of each role run) holds for every command that is documented."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shared.plain_yaml import read_yaml
from shared.settings.declared import REPLICAS
from tests.deploy.roles import DEPLOY, ROOT

COMPOSE: dict[str, Any] = read_yaml((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
BY_COMPOSE = ("compose", "guestloop", "roll")
DOCKER = """#!/bin/sh
case "$*" in "compose version") exit 0 ;; esac
echo "$PWD: $*"
"""


@pytest.fixture
def docker(tmp_path: Path) -> dict[str, str]:
    """An environment in which docker says where it was called, and with which words."""
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    told = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE")}
    return told | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}


def said(*command: str, told: dict[str, str]) -> str:
    done = subprocess.run(command, cwd="/", env=told, input="", capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_number_of_a_role_is_kept_by_its_name() -> None:
    scaled = {name: told["scale"] for name, told in COMPOSE["services"].items() if "scale" in told}
    assert scaled == {
        name.removeprefix("GUESTLOOP_").removesuffix("_REPLICAS").lower().replace("_", "-"): f"${{{name}:-1}}"
        for name in REPLICAS
    }
    often = {name for name in COMPOSE["services"] if name.endswith(("-web", "-relay", "-consumer"))}
    assert set(scaled) == often | {"campaigns-timers", "messaging-sender"}


def test_compose_is_asked_where_env_lies_and_told_no_file(docker: dict[str, str]) -> None:
    assert said(str(DEPLOY / "compose"), "up", "-d", told=docker) == f"{DEPLOY}: compose up -d"
    asked = said(str(DEPLOY / "guestloop"), "letters", "list", told=docker)
    assert asked == f"{DEPLOY}: compose run --rm -T desk guestloop letters list"


def test_another_command_takes_its_place_where_one_is_named(docker: dict[str, str]) -> None:
    named = docker | {"COMPOSE": "docker compose -f deploy/compose.yaml -f deploy/trial/compose.yaml"}
    asked = said(str(DEPLOY / "guestloop"), "status", told=named)
    assert asked.startswith(f"{ROOT}: compose -f deploy/compose.yaml -f deploy/trial/compose.yaml run")


def test_no_command_that_is_documented_goes_past_what_is_kept() -> None:
    """`-f` hides COMPOSE_FILE: TLS would be gone after an upgrade or a restore."""
    papers = [ROOT / "README.md", ROOT / "docs" / "operations.md", *(DEPLOY / name for name in BY_COMPOSE)]
    for paper in papers:
        text = paper.read_text(encoding="utf-8")
        called = re.findall(
            r"(?:docker compose|docker-compose|\$COMPOSE) (?:-f \S+ )?(?:up|run|exec|stop|ps|config)", text
        )
        assert called == [], paper


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """deploy/ somewhere else, with an .env of its own."""
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("private", ".env", "kubernetes"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    kept = "GUESTLOOP_BACKUP_FOLDER=/mnt/backups\nPOSTGRES_IMAGE=postgres:17\nGUESTLOOP_IMAGE=guestloop:ours\n"
    (tmp_path / "deploy" / ".env").write_text(f"{kept}GUESTLOOP_SECRETS=./secret\n")
    return tmp_path / "deploy"


def test_secrets_are_made_where_compose_looks_for_them_by_the_image_that_it_runs(
    installed: Path, docker: dict[str, str]
) -> None:
    asked = said(str(installed / "secrets"), "--add-key", told=docker)
    assert f"--volume {installed / 'secret'}:/secrets guestloop:ours guestloop provision /secrets --add-key" in asked
    elsewhere = docker | {"GUESTLOOP_SECRETS": str(installed / "other"), "GUESTLOOP_IMAGE": "guestloop:theirs"}
    assert f"--volume {installed / 'other'}:/secrets guestloop:theirs" in said(
        str(installed / "secrets"), told=elsewhere
    )


def test_the_smoke_takes_nothing_of_the_installation_that_runs_here(installed: Path, docker: dict[str, str]) -> None:
    """Its backups would lie among the real ones, and its role would read the real mailbox."""
    (installed.parent / "docker").write_text(SMOKED)
    told = docker | {"SMOKE_SECRETS": str(installed / "smoke-secrets"), "SAID": str(installed / "said")}
    done = subprocess.run([str(installed / "smoke"), "--built"], env=told, capture_output=True, text=True)
    assert done.returncode == 3
    assert (installed / "said").read_text().splitlines() == [
        *("guestloop:latest", "guestloop-smoke guestloop:latest", "POSTGRES_IMAGE=postgres:17")
    ]


def test_the_number_that_is_kept_is_the_number_after_a_roll(tmp_path: Path) -> None:
    """It was twice as many as before, less those before: after a roll that broke off, twice as many for good."""
    (tmp_path / "docker").write_text(ROLLED)
    (tmp_path / "docker").chmod(0o755)
    told = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE")}
    told |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SAID": str(tmp_path / "said")}
    assert said(str(DEPLOY / "roll"), "messaging-sender", "messaging-codes", told=told).split() == [
        *("messaging-sender", "messaging-codes")
    ]
    assert (tmp_path / "said").read_text().splitlines() == [
        *("--scale messaging-sender=5", "stopped a b", "--scale messaging-codes=3", "stopped a b")
    ]


ROLLED = """#!/bin/sh
case "$*" in
*" config"*) printf 'services:\\n  messaging-sender:\\n    scale: 3\\n  messaging-codes:\\n    init: true\\n' ;;
"compose ps -q gateway") echo gateway ;;
inspect*) echo deploy ;;
"ps -q"*) printf 'a\\nb\\n' ;;
*--scale*) echo "$*" | grep -o -e '--scale [^ ]*' >>"$SAID" ;;
stop*) echo "stopped${*#stop --time 40}" >>"$SAID" ;;
esac
"""


SMOKED = """#!/bin/sh
case "$*" in
"run "*) echo "$*" | grep -o 'guestloop:[a-z]*' >>"$SAID" ;;
"compose version") exit 0 ;;
*" up -d")
    echo "$COMPOSE_PROJECT_NAME $GUESTLOOP_IMAGE" >>"$SAID"
    cat "$3" >>"$SAID"
    exit 3 ;;
esac
"""
