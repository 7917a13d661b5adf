"""What «Backup and restore» tells an operator to type is there: commands with their words, services, files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from guestloop.cli import parsed
from shared.plain_yaml import read_yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = TEXT[TEXT.index("## Backup and restore") : TEXT.index("## Erasing a guest")]
LINES = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
    for line in block.splitlines()
]
INLINE = [one for one in re.findall(r"`([^`]+)`", SECTION) if one.startswith(("guestloop ", "deploy/guestloop "))]
COMMANDS = [re.split(r"(?:deploy/)?guestloop ", one, maxsplit=1)[1] for one in LINES + INLINE if "guestloop " in one]
SERVICES = read_yaml((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]


def test_the_section_shows_taking_and_restoring() -> None:
    assert {shlex.split(one)[0] for one in COMMANDS} >= {"backup", "restored", "republish"}
    assert any("restore --until" in one for one in COMMANDS)


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_a_command_takes_its_words(command: str) -> None:
    words = [word for word in shlex.split(command) if word != "up"]
    if words:
        assert parsed(words).command == words[0]


@pytest.mark.parametrize("line", [one for one in LINES if one.startswith("deploy/compose")])
def test_a_service_that_is_named_is_there(line: str) -> None:
    words = shlex.split(line.replace("$(", " ").replace(")", " "))
    script, verb = words[0], words[1]
    assert (ROOT / script).exists() and verb in ("stop", "run", "up", "exec")
    named = [word for word in words[2:] if word in SERVICES]
    assert named or "config" in words or words[2:] == ["-d"], line
