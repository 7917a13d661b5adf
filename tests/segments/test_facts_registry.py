"""Every fact is all that a fact is: this walks the registry, so that a new one cannot lack a part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, assert_never

import pytest
from hypothesis import given, settings

from services.segments.facts import FACTS
from services.segments.facts.clauses import AmountClause, TextClause, TextsClause, TruthClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Values
from services.segments.facts.where import STAY_FILTERS
from services.segments.pages.segments.draft_widgets import Widgets
from services.segments.pages.segments.drafts import document_of, draft_of, fresh_condition
from services.segments.pages.segments.sentence import sentence
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import LISTS, OPS, Op
from services.segments.store.evaluation.sweeping import CROSSING
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from tests.segments.rule_strategies import TODAY, households
from tests.segments.test_evaluate_twice import GENEROUS, Household, in_python, inside, tx
from tests.segments.test_rule_words import reader

__all__ = ["tx"]
WIDGETS = Widgets([], {})
every_fact = pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)


def samples(fact: Fact) -> Iterator[dict[str, Any]]:
    """A rule for each question that the fact can be asked."""
    sample = float(fact.sample) if isinstance(fact.sample, Decimal) else fact.sample
    for op in OPS[fact.kind]:
        value: Any = sample
        if op in LISTS:
            value = [sample, sample] if op is Op.BETWEEN else [sample]
        leaf = {"fact": fact.name, "op": str(op), "value": True if op is Op.KNOWN else value}
        yield {**leaf, "where": needed(fact)} if fact.needs else leaf


def needed(fact: Fact) -> dict[str, str]:
    if "journey" in fact.needs:
        return {"journey": "win-back"}
    if "date" not in fact.needs:
        return {"channel": "email"}
    return {"date": "wedding", **({"since": "1990-01-01"} if "since" in fact.where else {})}


@every_fact
def test_a_fact_is_registered_under_its_name_with_a_label_and_a_subject(fact: Fact) -> None:
    assert FACTS[fact.name] is fact
    assert fact.label and fact.subject in Subject
    assert len({one.label for one in FACTS.values()}) == len(FACTS)


@every_fact
def test_a_fact_reads_and_counts_as_its_kind_needs(fact: Fact) -> None:
    match fact.kind:
        case Kind.WHOLE | Kind.MONEY:
            assert isinstance(fact.clause, AmountClause) and fact.unit is not None
            assert fact.clause.none == fact.clause.some == "" or (fact.clause.none and fact.clause.some)
        case Kind.TEXT | Kind.MEMBERSHIP:
            assert isinstance(fact.clause, TextClause) and fact.unit is None
        case Kind.TEXTS:
            assert isinstance(fact.clause, TextsClause) and fact.unit is None
        case Kind.TRUTH:
            assert isinstance(fact.clause, TruthClause) and fact.unit is None
        case _:
            assert_never(fact.kind)
    assert (fact.values is Values.TERMS) is (fact.terms is not None)


@every_fact
def test_a_rule_of_it_is_accepted_and_said_in_both_languages(fact: Fact) -> None:
    for document in (*samples(fact), *({"not": one} for one in samples(fact))):
        rule = parse(document)
        for language, known_by in (("en", "Guests "), ("zh-CN", "的宾客")):
            with reader(language):
                words = sentence(rule, {})
            assert known_by in words and "%(" not in words


@every_fact
def test_the_form_offers_it_and_gives_its_rule_back(fact: Fact) -> None:
    with reader("en"):
        offered = {name: label for _, facts in WIDGETS.facts for name, label in facts.items()}
        assert offered[fact.name]
        for document in samples(fact):
            draft = draft_of(document)
            assert WIDGETS.widget(draft.parts[0]) and WIDGETS.ops(draft.parts[0])  # type: ignore[arg-type]
            assert parse(document_of(draft)[0]) == parse(document)
        fresh = fresh_condition(fact)
        assert WIDGETS.widget(fresh) and WIDGETS.unit(fresh) is not None


@every_fact
def test_what_time_moves_has_an_index_and_what_is_narrowed_is_gathered(fact: Fact) -> None:
    assert fact.turn is None or fact.index or set(fact.channel_index) == set(Channel)
    assert bool(fact.turn) is bool(fact.moved)
    assert not fact.where & STAY_FILTERS - {"channel"} or fact.sql.gathered
    assert "window_days" in fact.where or fact.window_index is None


@pytest.mark.parametrize("index", Index)
def test_every_index_is_looked_up_by_the_sweep(index: Index) -> None:
    assert f"%({index}_values)s" in CROSSING


@settings(GENEROUS, max_examples=30)
@given(several=households)
def test_sql_and_python_agree_on_every_question(tx: Tx, several: tuple[Household, ...]) -> None:
    documents = [one for fact in FACTS.values() for one in samples(fact)]
    assert inside(tx, documents, several, TODAY) == in_python(documents, several, TODAY)
