"""The form of a rule: what is written comes back as it was, and buttons move it about."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from werkzeug.datastructures import MultiDict

from services.segments.pages.segments.draft_changes import change
from services.segments.pages.segments.draft_problems import placed
from services.segments.pages.segments.draft_widgets import Widgets
from services.segments.pages.segments.drafts import (
    DraftCondition,
    DraftGroup,
    Node,
    document_of,
    draft_of,
    listed,
    nodes,
    read_draft,
)
from services.segments.rules.language.affirm import affirmed
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import LISTS
from shared.errors import InputError
from shared.web.i18n.languages import add_translations
from tests.segments.rule_strategies import rules

WIDGETS = Widgets([], {})
STAYS = DraftCondition("stays", "at_least", ("2",))
TIER = DraftCondition("tier", "is", ("gold",))


def form_of(draft: DraftGroup) -> MultiDict[str, str]:
    """What a browser would send."""
    form: MultiDict[str, str] = MultiDict()
    for path, node in nodes(draft):
        for name, text in fields(node):
            form.add(f"{path}:{name}", text)
    return form


def fields(node: Node) -> list[tuple[str, str]]:
    if isinstance(node, DraftGroup):
        return [("group", node.word)]
    found = [("fact", node.fact), ("was", node.fact), ("op", node.op)] + [("opposite", "1")] * node.opposite
    area = node.op in LISTS and node.op != "between"
    found += [("value", text) for text in ([WIDGETS.as_text(node.values)] if area else node.values)]
    for key, texts in node.where.items():
        plain = key in ("window_days", "since", "property") or node.entry.needs
        found += [(key, text) for text in (texts if plain else [WIDGETS.as_text(texts)])]
    return found


@given(rules)
def test_a_rule_survives_its_form(rule: Any) -> None:
    draft = draft_of(rule)
    again = read_draft(form_of(draft))
    document, _ = document_of(again)
    assert affirmed(parse(document)) == affirmed(parse(rule))


def test_buttons_add_move_and_remove() -> None:
    draft = DraftGroup("all", (STAYS, DraftGroup("any", (TIER,))))
    assert change(draft, "add r").parts[2].fact == "stays"  # type: ignore[union-attr]
    assert len(change(draft, "group r.1").parts[1].parts) == 2  # type: ignore[union-attr]
    assert change(draft, "down r.0").parts == (draft.parts[1], STAYS)
    assert change(draft, "up r.1").parts == (draft.parts[1], STAYS)
    assert change(draft, "remove r.1.0").parts == (STAYS, DraftGroup("any"))


@pytest.mark.parametrize(
    "order", ["", "remove r", "remove r.9", "up r.1.7", "add r.0", "burn r.0", "add x", "add r.-1"]
)
def test_an_order_that_makes_no_sense_changes_nothing(order: str) -> None:
    draft = DraftGroup("all", (STAYS, DraftGroup("any", (TIER,))))
    assert change(draft, order) == draft


def test_a_list_is_cut_at_commas_of_both_scripts_or_line_by_line() -> None:
    assert listed("PT, DE，CN、FR") == ["PT", "DE", "CN", "FR"]
    assert listed("one, with a comma\r\ntwo\r\n") == ["one, with a comma", "two"]


def test_an_error_is_said_at_its_condition() -> None:
    draft = DraftGroup(
        "none",
        (
            DraftCondition("stays", "at_least", ("many",), {"window_days": ("soon",)}),
            DraftGroup("any"),
            DraftCondition("age", "between", ("40", "30"), opposite=True),
            TIER,
        ),
    )
    document, places = document_of(draft)
    with pytest.raises(InputError) as refused:
        parse(document)
    app = Flask("words")
    add_translations(app, [])
    with app.test_request_context():
        found = placed(refused.value.problems, places, draft)
    assert set(found) == {"r.0", "r.1", "r.2"}
    assert (
        "whole number" in found["r.0"] and "Nothing stands here" in found["r.1"] and "lower one first" in found["r.2"]
    )


def test_another_fact_begins_with_a_fresh_question() -> None:
    form = form_of(DraftGroup("all", (STAYS,)))
    form["r.0:fact"] = "reachable"
    assert read_draft(form).parts == (DraftCondition("reachable", "is", ("true",), {"channel": ("email",)}),)
