"""A validated document (plain values, all defaults filled in) to the dataclasses the rules read. Nothing is checked."""

from __future__ import annotations

from datetime import timedelta

from services.campaigns.rules.goals import goal_of
from services.campaigns.rules.journey import Journey, ReEntry, Room
from services.campaigns.steps import offers_in, segments_in, step_of, templates_in
from services.campaigns.steps.branch import asked
from services.campaigns.steps.early_exits import early_exit_of
from services.campaigns.steps.entries import entry_of
from services.campaigns.steps.kind import Document
from services.campaigns.steps.not_while import NotWhile
from shared.vocabulary.purpose import Purpose


def journey_of(document: Document) -> Journey:
    return Journey(
        key=document["key"],
        name=document["name"],
        purpose=Purpose(document["purpose"]),
        priority=document["priority"],
        entry=entry_of(document["entry"]),
        re_entry=ReEntry(document["re_entry"]),
        holdout=document["holdout"],
        goal=goal_of(document["goal"], chief=True) if document["goal"] else None,
        exits=tuple(early_exit_of(exit_) for exit_ in document["exits"]),
        steps=tuple(step_of(step) for step in document["steps"]),
        again_after=timedelta(days=document["again_after_days"]) if document.get("again_after_days") else None,
        room=Room(**document["room"]) if document.get("room") else None,
        further_goals=tuple(goal_of(goal, chief=False) for goal in document.get("further_goals", ())),
        not_while=frozenset(map(NotWhile, document.get("not_while", ()))),
    )


def goals_in(document: Document) -> list[Document]:
    """Of a document, a draft's too, the chief one first."""
    return [*([document["goal"]] if document["goal"] else []), *document.get("further_goals", ())]


def segments_named(document: Document) -> set[str]:
    """The segments that a document names, a draft too."""
    entry, left_out = document["entry"].get("audience"), document["entry"].get("left_out", ())
    return {
        *([entry] if entry else []),
        *left_out,
        *(segment for step in document["steps"] for segment in segments_in(step)),
    }


def offers_named(document: Document) -> set[str]:
    """The offers that its entry, goals, exits and steps name."""
    happenings = [exit_["event"] for exit_ in document["exits"] if "event" in exit_]
    happenings += [goal.get("event") or "" for goal in goals_in(document)]
    for step in document["steps"]:
        content = next((one for one in step.values() if isinstance(one, dict)), {})
        happenings += [content.get("event") or ""]
        happenings += [one["if"].get("event") or "" for one in asked(content)] if "branch" in step else []
    given = {offer for step in document["steps"] for offer in offers_in(step)}
    given |= {offer} if (offer := document["entry"].get("offer")) else set()
    return given | {one.partition(":")[2] for one in happenings if one.startswith("offer.") and ":" in one}


def templates_named(document: Document) -> list[str]:
    """The templates of its messages in their order, each once."""
    return list(dict.fromkeys(template for step in document["steps"] for template in templates_in(step)))
