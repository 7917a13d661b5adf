"""What the papers promise is kept by a test that they name: SECURITY.md, docs/privacy.md and docs/security.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ("SECURITY.md", "docs/privacy.md", "docs/security.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
WITHOUT_TEST = ("not met", "does not apply", "by paper")
"""What a row of docs/security.md may say instead of naming a test; «by paper»: the requirement asks for a document."""


def rows(paper: str) -> Iterator[list[str]]:
    """The cells of each row of the tables whose last column is headed «test»."""
    headed = False
    for line in (ROOT / paper).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            headed = False
        elif cells[-1].lower() in ("test", "kept by"):
            headed = True
        elif headed and not set(cells[0]) <= {"-", ":", " "}:
            yield cells


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_promise_names_the_test_that_keeps_it(paper: str) -> None:
    found = list(rows(paper))
    assert found, f"{paper} promises nothing"
    bare = [cells[0] for cells in found if not NAMED.search(cells[-1]) and not _is_told(paper, cells)]
    assert bare == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_that_is_named_is_there(paper: str) -> None:
    named = [match for cells in rows(paper) for match in NAMED.findall(cells[-1])]
    missing = [
        (file, name) for file, name in named if not (ROOT / file).is_file() or (name and name not in names_in(file))
    ]
    assert missing == []


def _is_told(paper: str, cells: list[str]) -> bool:
    return paper == "docs/security.md" and cells[1] in WITHOUT_TEST
