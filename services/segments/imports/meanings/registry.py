"""The fields of which somebody may say once for all what a value means.

A field of a closed set has words of its own, and a meaning is one of its members; of any other field the meaning is the
text that is to stand there instead: «DBL» for «Doppelzimmer», the code of a hotel for its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.segments.imports.meanings.consents import NO, YES
from services.segments.imports.meanings.countries import country_meant
from services.segments.imports.meanings.languages import language_meant
from services.segments.imports.meanings.statuses import LEFT_OUT, status_meant
from services.segments.imports.meanings.words import value_key
from shared.errors import Problem
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.stay import StayStatus

Meanings = Mapping[str, Mapping[str, str]]
LONGEST_MEANING = 100
MOST_MEANINGS = 500  # of one field
NO_VALUE = "-"
"""The meaning of a value that says nothing: «tbd», «unknown»."""


@dataclass(frozen=True)
class Vocabulary:
    """`choices`: the meanings there are; empty where they are too many to list or any text will do. `is_closed`:
    whether a value that is not known is not understood, rather than kept as it stands."""

    read_meaning: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    is_closed: bool = True


def _consent_meant(meaning: str) -> str:
    if meaning not in (YES, NO):
        raise ValueError(meaning)
    return meaning


def _text_meant(meaning: str) -> str:
    if len(meaning) > LONGEST_MEANING:
        raise ValueError(meaning)
    return meaning


_CONSENT = Vocabulary(_consent_meant, (YES, NO, NO_VALUE))
_AS_GIVEN = Vocabulary(_text_meant, is_closed=False)
VOCABULARIES: Mapping[str, Vocabulary] = {
    "property": _AS_GIVEN,
    "status": Vocabulary(status_meant, (*StayStatus, LEFT_OUT)),
    "room_type": _AS_GIVEN,
    "rate_plan": _AS_GIVEN,
    "channel": _AS_GIVEN,
    "market_segment": _AS_GIVEN,
    "company": _AS_GIVEN,
    "tier": _AS_GIVEN,
    "title": _AS_GIVEN,
    "language": Vocabulary(language_meant),
    "country": Vocabulary(country_meant),
    "email_consent": _CONSENT,
    "sms_consent": _CONSENT,
    "whatsapp_consent": _CONSENT,
}


def value_meant(field: str, meaning: str) -> Any:
    """What a meaning stands for; None for a value that says nothing. Raises ValueError or KeyError."""
    return None if meaning == NO_VALUE else VOCABULARIES[field].read_meaning(meaning)


def meaning_problem(field: str, value: str, meaning: str) -> Problem | None:
    """Why this cannot be said of a value."""
    if field not in VOCABULARIES:
        known = ", ".join(VOCABULARIES)
        return Problem(f"the values of {field} cannot be given a meaning; those of {known} can", FileProblem.NO_MEANING)
    try:
        value_meant(field, meaning)
    except (ValueError, KeyError):
        if meaning in VOCABULARIES[field].choices:  # rows that are left out
            return None
        known = ", ".join(VOCABULARIES[field].choices) or "a code of two letters"
        return Problem(f"«{value}» cannot mean {meaning!r}; expected {known}", FileProblem.NO_MEANING)
    return None


def meaning_of(meanings: Meanings, field: str, text: str) -> str | None:
    """What was said of a value; None where nothing was."""
    return meanings.get(field, {}).get(value_key(text))
