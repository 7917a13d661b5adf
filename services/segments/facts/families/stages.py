"""The stage that a guest has reached. It is a segment, so that its rule stands in its place when it is evaluated, and
every turn has a day and a reason (`rules/language/nested.py`)."""

from __future__ import annotations

from services.segments.facts.clauses import TextClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.families.segments import HELD_DAYS, held
from services.segments.facts.sql import Sql
from services.segments.facts.where import HELD
from shared.vocabulary.stage import Stage
from shared.vocabulary.term import N_

FACTS = (
    Fact(
        "stage",
        Kind.MEMBERSHIP,
        Subject.GROUPS,
        N_("stage of the lifecycle"),
        TextClause(N_("whose stage is %(value)s"), N_("whose stage is not %(value)s")),
        sql=Sql("'{}'::text[]", held=HELD_DAYS),  # what is left in a rule names no live segment
        python=held,
        sample="stage-loyal",
        values=Values.TERMS,
        terms=Stage,
        hint=N_("By the rules under Numbers → Lifecycle, which have to be set up there first."),
        moved=N_("So many days have passed since they came into the stage."),
        always_known=True,
        where=HELD,
        turn=Turn.SINCE,
        index=Index.HELD_SINCE,
    ),
)
