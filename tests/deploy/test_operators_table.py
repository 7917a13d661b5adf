"""«What an operator asks»: every row is answered, by a section that is there and commands that take their words."""

from __future__ import annotations

import re
import shlex

import pytest

from guestloop.cli import parsed
from shared.settings.declared import BY_NAME
from tests.deploy.roles import DEPLOY, ROOT

PAGE = ROOT / "docs" / "operations.md"
TEXT = PAGE.read_text(encoding="utf-8")
TABLE = TEXT[TEXT.index("## What an operator asks") : TEXT.index("## Start\n")]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| ")]
ASKED = (
    *("start", "secrets", "smoke", "scale", "backup", "restore", "upgrade", "alerts", "logs", "traces", "repair"),
    *("keys", "partitions", "replicas", "pooler", "chart", "image signing", "SBOM"),
)
QUOTED = sorted(set(re.findall(r"`([^`]+)`", TABLE)))


def anchors() -> set[str]:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_it_has_34_rows_in_the_order_of_a_day_at_work() -> None:
    (head, *rows) = ROWS
    assert head == ["for", "asked", "answer"] and len(rows) == 34
    assert tuple(dict.fromkeys(row[0] for row in rows)) == ASKED
    assert all(len(row) == 3 and all(row) for row in rows)


def test_every_section_that_is_named_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TABLE)
    named = {link[1:] for link in links if link[:1] == "#"}
    assert named and named <= anchors()
    assert all((PAGE.parent / link).exists() for link in links if link[:1] != "#")


@pytest.mark.parametrize("command", [one for one in QUOTED if one.startswith("deploy/guestloop ")])
def test_a_command_of_the_desk_takes_its_words(command: str) -> None:
    words = shlex.split(command)[1:]
    assert parsed(words).command == words[0]


def test_every_script_target_component_and_setting_that_is_named_is_there() -> None:
    components = {one.name for one in (DEPLOY / "kubernetes" / "components").iterdir()}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"components? `([a-z-]+)`(?: and `([a-z-]+)`)?", TABLE))
    assert named and {one for pair in named for one in pair if one} <= components
    for one in QUOTED:
        if paths := re.findall(r"(?<!\S)deploy/[\w./-]+", one):
            assert all((ROOT / path).exists() or path == "deploy/.env" for path in paths), one
        if one.startswith("make "):
            assert one.removeprefix("make ") in targets
        if re.fullmatch(r"GUESTLOOP_[A-Z_]+", one):
            assert one in BY_NAME
