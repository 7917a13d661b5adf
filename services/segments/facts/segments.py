"""Membership in other segments. `rules/language/nested.py` puts their rules in its place before it is evaluated."""

from __future__ import annotations

from services.segments.facts.clauses import TextClause
from services.segments.facts.fact import Fact, Kind, Subject, Values
from services.segments.facts.sql import Sql
from shared.vocabulary.term import N_

FACTS = (
    Fact(
        "in_segment",
        Kind.MEMBERSHIP,
        Subject.GROUPS,
        N_("segment"),
        TextClause(N_("who are in the segment %(value)s"), N_("who are not in the segment %(value)s")),
        sql=Sql("'{}'::text[]"),  # what is left in a rule names no live segment
        python=lambda _guest, _where, _today: frozenset(),
        sample="gold",
        values=Values.SEGMENTS,
        always_known=True,
    ),
)
