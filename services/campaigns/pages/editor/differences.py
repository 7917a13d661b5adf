"""How a draft differs from what is published, in words: each part before and now."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from services.campaigns.pages.sentences.goals import goals_words
from services.campaigns.pages.sentences.names import Names, all_of
from services.campaigns.pages.sentences.settings import (
    PURPOSES,
    entry_words,
    exit_words,
    not_while_words,
    re_entry_words,
    room_words,
)
from services.campaigns.pages.steps import called, sentence, whole
from services.campaigns.steps.kind import Document
from shared.web.i18n.shipped_names import shown_name


@dataclass(frozen=True)
class Difference:
    """`before` or `now` is None where the part was not there, or is there no longer."""

    part: str
    before: str | None
    now: str | None


def differences(before: Document, now: Document, names: Names) -> list[Difference]:
    settings, new_settings = settings_of(before, names), settings_of(now, names)
    changed = [Difference(part, settings[part], new_settings[part]) for part in settings]
    found = [*changed, *_steps(before, now, names)]
    return [one for one in found if one.before != one.now] + _order(before, now, names)


def settings_of(document: Document, names: Names) -> dict[str, str]:
    """Each part's name and what it says, steps excepted. Works on drafts."""
    exits = [exit_words(exit_) for exit_ in document["exits"]]
    return {
        gettext("Name"): shown_name(document["name"]),
        gettext("Purpose"): str(PURPOSES.get(document["purpose"], document["purpose"])),
        gettext("Entry"): _entry(document["entry"], names),
        gettext("Coming back"): re_entry_words(document),
        gettext("How many may enter"): room_words(document),
        gettext("Keeps away"): not_while_words(document),
        gettext("Goal"): goals_words(document),
        gettext("Control group"): gettext("%(share)s per cent", share=document["holdout"]),
        gettext("Priority"): str(document["priority"]),
        gettext("Ends early"): "; ".join(exits) if exits else gettext("never"),
    }


def _entry(entry: Document, names: Names) -> str:
    words = entry_words(entry, names)
    if entry.get("occurrence") == "lapse":
        return str(gettext("%(entry)s, once for each last stay", entry=words))
    return words


def _steps(before: Document, now: Document, names: Names) -> list[Difference]:
    """By their keys; each is called by its place now, or by its last one where it was removed."""
    old, new = (
        {step["key"]: whole(step, document["steps"], names) for step in document["steps"]} for document in (before, now)
    )
    called = {**_called(before), **_called(now)}
    return [Difference(called[key], old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]


def _called(document: Document) -> dict[str, str]:
    return {step["key"]: called(document, step["key"]) for step in document["steps"]}


def _order(before: Document, now: Document, names: Names) -> list[Difference]:
    old, new = ([step["key"] for step in document["steps"]] for document in (before, now))
    common = set(old) & set(new)
    if [key for key in old if key in common] == [key for key in new if key in common]:
        return []
    orders = [all_of([sentence(step, names) for step in document["steps"]]) for document in (before, now)]
    return [Difference(gettext("Order of the steps"), *orders)]
