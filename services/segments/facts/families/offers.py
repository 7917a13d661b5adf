"""Offers that a guest was given and used, and those by which they brought friends."""

from __future__ import annotations

from services.segments.facts.clauses import TextsClause
from services.segments.facts.fact import Evaluate, Fact, Kind, Subject
from services.segments.facts.sql import stored
from shared.vocabulary.term import N_


def among(what: str) -> Evaluate:
    return lambda guest, _where, _today: guest.offers.get(what, frozenset())


FACTS = (
    Fact(
        "offers_used",
        Kind.TEXTS,
        Subject.OFFERS,
        N_("offers used"),
        TextsClause(
            N_("who have used the offer %(value)s"),
            N_("who have not used the offer %(value)s"),
            N_("who have used one of the offers %(value)s"),
            N_("who have used none of the offers %(value)s"),
            N_("who have used all of the offers %(value)s"),
            N_("who have not used all of the offers %(value)s"),
            N_("who have used an offer"),
            N_("who have used no offer"),
        ),
        sql=stored("offers_used"),
        python=among("used"),
        sample="winter",
        always_known=True,
    ),
    Fact(
        "offers_held",
        Kind.TEXTS,
        Subject.OFFERS,
        N_("offers given and not used"),
        TextsClause(
            N_("who hold an unused code of the offer %(value)s"),
            N_("who hold no unused code of the offer %(value)s"),
            N_("who hold an unused code of one of the offers %(value)s"),
            N_("who hold an unused code of none of the offers %(value)s"),
            N_("who hold an unused code of all of the offers %(value)s"),
            N_("who do not hold an unused code of all of the offers %(value)s"),
            N_("who hold an unused code of an offer"),
            N_("who hold no unused code of any offer"),
        ),
        sql=stored("offers_held"),
        python=among("held"),
        sample="winter",
        always_known=True,
    ),
    Fact(
        "offers_referred",
        Kind.TEXTS,
        Subject.OFFERS,
        N_("offers by which a friend came"),
        TextsClause(
            N_("who have brought a friend by the offer %(value)s"),
            N_("who have brought no friend by the offer %(value)s"),
            N_("who have brought a friend by one of the offers %(value)s"),
            N_("who have brought a friend by none of the offers %(value)s"),
            N_("who have brought a friend by all of the offers %(value)s"),
            N_("who have not brought a friend by all of the offers %(value)s"),
            N_("who have brought a friend by an offer"),
            N_("who have brought no friend by any offer"),
        ),
        sql=stored("offers_referred"),
        python=among("referred"),
        sample="winter",
        always_known=True,
    ),
)
