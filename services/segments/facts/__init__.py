"""Everything a rule may ask about a guest, one module a family: all that a fact is stands in its entry.

Adding a fact: an entry in its family (a new family is added to `FACTS` below) and its words in the catalogues; a fact
of a new stored column also needs the column, a migration and `store/evaluation/facts.py`. `docs/decisions.md` counts
the files. The families lie in `families/`, beside it what they are written in.
"""

from __future__ import annotations

from services.segments.facts.fact import Fact
from services.segments.facts.families import (
    answers,
    contact,
    dates,
    groups,
    house_dates,
    last_stay,
    offers,
    prediction,
    profile,
    ranks,
    receipts,
    relative,
    segments,
    stages,
    stays,
    tiers,
)

FAMILIES = (
    *(stays, relative, ranks, prediction, last_stay, dates, profile, tiers),
    *(answers, offers, contact, receipts, house_dates, groups, segments, stages),
)
FACTS: dict[str, Fact] = {fact.name: fact for family in FAMILIES for fact in family.FACTS}
"""The closed registry, in the order in which the form offers them within a subject."""
