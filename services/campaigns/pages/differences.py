"""How a draft differs from what is published, in words: each part before and now."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from services.campaigns.pages.words import (
    PURPOSES,
    RE_ENTRIES,
    WANTS,
    Names,
    channels_words,
    entry_words,
    exit_words,
    goal_words,
    length,
    step_words,
)
from services.campaigns.rules.document import Document
from services.campaigns.rules.drafting import kind_of
from shared.web.i18n.shipped_names import shown_name


@dataclass(frozen=True)
class Difference:
    """`before` or `now` is None where the part was not there, or is there no longer."""

    part: str
    before: str | None
    now: str | None


def differences(before: Document, now: Document, names: Names) -> list[Difference]:
    old, new = parts_of(before, names), parts_of(now, names)
    found = [
        Difference(part, old.get(part), new.get(part))
        for part in dict.fromkeys((*old, *new))
        if old.get(part) != new.get(part)
    ]
    return found + _order(before, now)


def parts_of(document: Document, names: Names) -> dict[str, str]:
    """Each part's name and what it says. Works on drafts."""
    exits = [exit_words(exit_) for exit_ in document["exits"]]
    parts = {
        gettext("Name"): shown_name(document["name"]),
        gettext("Purpose"): str(PURPOSES.get(document["purpose"], document["purpose"])),
        gettext("Entry"): _entry(document["entry"], names),
        gettext("Coming back"): str(RE_ENTRIES.get(document["re_entry"], document["re_entry"])),
        gettext("Goal"): goal_words(document["goal"]),
        gettext("Control group"): gettext("%(share)s per cent", share=document["holdout"]),
        gettext("Priority"): str(document["priority"]),
        gettext("Ends early"): "; ".join(exits) if exits else gettext("never"),
    }
    for step in document["steps"]:
        parts[gettext("Step «%(key)s»", key=step["key"])] = _whole(step, names)
    return parts


def _entry(entry: Document, names: Names) -> str:
    said = entry_words(entry, names)
    if entry.get("occurrence") == "lapse":
        return str(gettext("%(entry)s, once for each last stay", entry=said))
    return said


def _whole(step: Document, names: Names) -> str:
    """All a step says, so that no change of it goes unseen."""
    said = step_words(step, names)
    if kind_of(step) == "send":
        send = step["send"]
        useful = gettext("of use for %(length)s", length=length(send["useful_for"]))
        wants = [str(WANTS.get(want, want)) for want in send["wants"]]
        return "; ".join((said, channels_words(send["channels"]), useful, *wants))
    if kind_of(step) == "branch":
        then, otherwise = (step["branch"][way] or gettext("the next step") for way in ("then", "else"))
        return str(
            gettext("%(question)s Yes: %(then)s. No: %(otherwise)s.", question=said, then=then, otherwise=otherwise)
        )
    return said


def _order(before: Document, now: Document) -> list[Difference]:
    old, new = ([step["key"] for step in document["steps"]] for document in (before, now))
    common = set(old) & set(new)
    if [key for key in old if key in common] == [key for key in new if key in common]:
        return []
    return [Difference(gettext("Order of the steps"), ", ".join(old), ", ".join(new))]
