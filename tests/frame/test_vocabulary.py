"""Every closed set of the product can be shown: each of its terms has a label in both languages, a tone and an icon."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from shared.vocabulary.term import Term
from tests.frame.test_words import SHARED, catalog

ROOT = Path(__file__).parent.parent.parent
TONES = {"plain", "good", "look", "bad"}


def _sets() -> list[type[Term]]:
    """Every set of the vocabulary and of the services' rules."""
    for package in ("shared.vocabulary", *(f"services.{each.name}.rules" for each in (ROOT / "services").iterdir())):
        if not (ROOT / package.replace(".", "/")).is_dir():
            continue
        for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    return sorted(Term.__subclasses__(), key=lambda kind: f"{kind.__module__}.{kind.__name__}")


SETS = _sets()


@pytest.mark.parametrize("kind", SETS, ids=lambda kind: kind.__name__)
def test_every_term_is_read_in_both_languages(kind: type[Term]) -> None:
    service = re.match(r"services\.(\w+)\.", kind.__module__)
    folders = [*SHARED, *([ROOT / "services" / service[1]] if service else [])]
    known = {text: found for folder in folders for text, found in catalog(folder, "zh_Hans").items()}
    assert all(term.label for term in kind)
    assert {term.label for term in kind if not known.get(term.label)} == set()


@pytest.mark.parametrize("kind", SETS, ids=lambda kind: kind.__name__)
def test_every_term_has_a_tone_and_a_drawn_icon(kind: type[Term]) -> None:
    drawn = set(re.findall(r'^  "([\w-]+)": "', (ROOT / "shared/web/templates/ui.html").read_text(), re.MULTILINE))
    assert {term.tone for term in kind} <= TONES
    assert {term.icon for term in kind if term.icon} <= drawn
