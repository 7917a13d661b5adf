"""What a guest's profile holds."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause, TextClause, TextsClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Subject, Values
from services.segments.facts.sql import stored
from services.segments.facts.units import NN_, Measure, Unit
from shared.vocabulary.term import N_


def from_profile(name: str) -> Evaluate:
    return lambda guest, _where, _today: guest.profile[name]


FACTS = (
    Fact(
        "language",
        Kind.TEXT,
        Subject.PERSON,
        N_("language"),
        TextClause(
            N_("whose language is %(value)s"),
            N_("whose language is not %(value)s"),
            N_("whose language is known"),
            N_("whose language is not known"),
        ),
        sql=stored("language"),
        python=from_profile("language"),
        sample="pt",
        values=Values.LANGUAGES,
    ),
    Fact(
        "country",
        Kind.TEXT,
        Subject.PERSON,
        N_("country"),
        TextClause(
            N_("whose country is %(value)s"),
            N_("whose country is not %(value)s"),
            N_("whose country is known"),
            N_("whose country is not known"),
        ),
        sql=stored("country"),
        python=from_profile("country"),
        sample="PT",
        values=Values.COUNTRIES,
    ),
    Fact(
        "region",
        Kind.TEXT,
        Subject.PERSON,
        N_("region"),
        TextClause(
            N_("whose region is %(value)s"),
            N_("whose region is not %(value)s"),
            N_("whose region is known"),
            N_("whose region is not known"),
        ),
        sql=stored("region"),
        python=from_profile("region"),
        sample="Algarve",
    ),
    Fact(
        "title",
        Kind.TEXT,
        Subject.PERSON,
        N_("title"),
        TextClause(
            N_("whose title is %(value)s"),
            N_("whose title is not %(value)s"),
            N_("whose title is known"),
            N_("whose title is not known"),
        ),
        sql=stored("title"),
        python=from_profile("title"),
        sample="Dr",
    ),
    Fact(
        "tier",
        Kind.TEXT,
        Subject.PERSON,
        N_("tier"),
        TextClause(
            N_("whose tier is %(value)s"),
            N_("whose tier is not %(value)s"),
            N_("who have a tier"),
            N_("who have no tier"),
        ),
        sql=stored("tier"),
        python=from_profile("tier"),
        sample="gold",
    ),
    Fact(
        "points",
        Kind.WHOLE,
        Subject.PERSON,
        N_("points"),
        AmountClause(N_("who have %(amount)s"), N_("whose points are not known"), known=N_("whose points are known")),
        sql=stored("points"),
        python=lambda guest, _where, _today: guest.points,
        sample=1000,
        unit=Unit(Measure.COUNT, NN_("%(shown)s point", "%(shown)s points"), N_("points")),
    ),
    Fact(
        "tags",
        Kind.TEXTS,
        Subject.PERSON,
        N_("tags"),
        TextsClause(
            N_("who have the tag %(value)s"),
            N_("who do not have the tag %(value)s"),
            N_("who have one of the tags %(value)s"),
            N_("who have none of the tags %(value)s"),
            N_("who have all of the tags %(value)s"),
            N_("who do not have all of the tags %(value)s"),
            N_("who have a tag"),
            N_("who have no tag"),
        ),
        sql=stored("tags"),
        python=lambda guest, _where, _today: guest.tags,
        sample="vip",
        always_known=True,
    ),
    Fact(
        "home_property",
        Kind.TEXT,
        Subject.PERSON,
        N_("home hotel"),
        TextClause(
            N_("whose home hotel is %(value)s"),
            N_("whose home hotel is not %(value)s"),
            N_("who have a home hotel"),
            N_("who have no home hotel"),
        ),
        sql=stored("home_property"),
        python=from_profile("home_property"),
        sample="LIS",
        values=Values.HOTELS,
    ),
)
