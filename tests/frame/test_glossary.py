"""The glossary and the console call a thing by the same name in Chinese."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("words")  # one worker reads the catalogues
CATALOGUES = sorted(
    path for top in ("services", "shared") for path in (ROOT / top).glob("**/zh_Hans/LC_MESSAGES/messages.po")
)


def rows() -> list[tuple[str, str, str]]:
    """Term, label and Chinese of every row of the glossary's tables."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [(term, label, chinese) for term, label, chinese, _ in cells if term != "term"]


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def in_chinese(label: str) -> dict[str, str]:
    """What each catalogue that has the label calls it."""
    found = {}
    for path in CATALOGUES:
        message = catalogue(path).get(label)
        if message and message.string:
            found[str(path.relative_to(ROOT))] = str(message.string)
    return found


def test_every_term_has_its_chinese_and_stands_once() -> None:
    terms = [term for term, _, _ in rows()]
    assert len(terms) > 50 and len(set(terms)) == len(terms)
    assert all(chinese for _, _, chinese in rows())


@pytest.mark.parametrize(("label", "chinese"), [(label, chinese) for _, label, chinese in rows() if label])
def test_a_label_reads_in_chinese_as_the_glossary_has_it(label: str, chinese: str) -> None:
    found = in_chinese(label)
    assert found, f"no page has the label «{label}»"
    assert set(found.values()) == {chinese}, found
