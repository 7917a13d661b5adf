"""Warnings that begin a journey, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, any_of, segment_words
from services.campaigns.steps.kind import Document
from services.campaigns.steps.warning_entry import BOOKS
from shared.vocabulary.signal import Signal
from shared.web.i18n.labels import label

SUBJECTS: Mapping[str, Any] = {
    BOOKS: _l("less on the books than a year before"),
    Signal.COMPLAINTS: _l("more complaints than usual"),
    Signal.NPS: _l("an NPS that falls"),
    Signal.OPT_OUTS: _l("more guests who opt out than usual"),
    Signal.REACH: _l("fewer guests who may be written to than usual"),
    Signal.UNHEARD: _l("no booking for longer than usual"),
}


def warning_words(entry: Document, names: Names) -> str:
    told = {
        "what": any_of([str(SUBJECTS.get(subject, subject)) for subject in entry["warning"]])
        if entry["warning"]
        else "…",
        "segment": segment_words(entry.get("audience", ""), names),
    }
    if hotel := entry.get("hotel"):
        return str(
            gettext(
                "When a warning is raised at %(hotel)s (%(what)s): guests of the hotel who are in %(segment)s",
                hotel=hotel,
                **told,
            )
        )
    return str(
        gettext("When a warning is raised at a hotel (%(what)s): guests of that hotel who are in %(segment)s", **told)
    )


def signal_words(signal: str) -> str:
    """What was raised; one of a newer version by its name."""
    return label(Signal(signal)) if signal in set(map(str, Signal)) else signal
