"""The recipes name the files that a member of each kind is made of: looked for by its name through the whole tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KINDS = ("step", "fact", "channel", "event", "page", "setting", "role of a service", "role of a person")
SUFFIXES = {"", ".py", ".html", ".po", ".sql", ".yaml", ".env", ".conf", ".css", ".js", ".md"}
PAPERS = ("README.md", "docs/operations.md", "docs/services.md")
NOT_OURS = {"__pycache__", "private", "vendor"}


@dataclass(frozen=True)
class Recipe:
    """One section of docs/recipes.md. `names`: what its example is looked for by; `aside`: what does not count."""

    kind: str
    names: tuple[str, ...]
    aside: tuple[str, ...]
    files: tuple[str, ...]

    def counts(self, path: str) -> bool:
        return "/migrations/" not in path and not path.startswith(self.aside)

    def is_named(self, path: Path) -> bool:
        text = path.read_text(encoding="utf-8")
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) or path.stem == name for name in self.names)


def quoted(line: str) -> tuple[str, ...]:
    """What stands in back-ticks."""
    return tuple(re.findall(r"`([^`]+)`", line))


def recipes() -> Iterator[Recipe]:
    sections = (ROOT / "docs/recipes.md").read_text(encoding="utf-8").split("\n## ")[1:]
    for section in sections:
        title, *paragraphs = section.split("\n\n")
        lines = {one.split(":")[0]: one for one in paragraphs}
        rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
        yield Recipe(
            title.removeprefix("A ").removeprefix("An "),
            quoted(lines["Held by"]),
            quoted(lines.get("Set aside", "")),
            tuple(file for row in rows for file in quoted(row)),
        )


def sources() -> Iterator[str]:
    for top in ("services", "shared", "guestloop", "deploy"):
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix in SUFFIXES and not NOT_OURS & set(path.parts):
                yield str(path.relative_to(ROOT))
    yield from PAPERS


def test_there_is_a_recipe_for_every_kind() -> None:
    assert tuple(recipe.kind for recipe in recipes()) == KINDS


@pytest.mark.parametrize("recipe", list(recipes()), ids=lambda recipe: recipe.kind.replace(" ", "-"))
def test_a_recipe_names_the_files_its_example_is_made_of(recipe: Recipe) -> None:
    found = {path for path in sources() if recipe.counts(path) and recipe.is_named(ROOT / path)}
    folders = {file for file in recipe.files if file.endswith("/")}
    inside = {path for path in found for folder in folders if path.startswith(folder)}
    assert found - inside == set(recipe.files) - folders
    assert all(any(path.startswith(folder) for path in inside) for folder in folders)
