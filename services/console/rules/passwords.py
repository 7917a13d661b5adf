"""Which passwords are accepted: long ones that are not quickly guessed. No kind of character is demanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.vocabulary.term import N_, Term

LEAST, MOST = 12, 200
LOOKED_AT = 72  # characters; the estimate takes no more, and these alone must be hard to guess
ENOUGH = 10**10  # guesses
TRADE = ("guestloop", "hotel", "reception", "frontdesk", "front desk", "booking", "senha", "passwort", "mima")


class Weakness(Term):
    """Why a password is refused; the label says what to do."""

    SHORT = "short", N_("Twelve characters at least. A short sentence is easy to remember.")
    LONG = "long", N_("Two hundred characters at most.")
    PERSONAL = (
        "personal",
        N_("This is little more than your name, your address or your hotel. Choose words that others cannot guess."),
    )
    PATTERN = (
        "pattern",
        N_("Repeats, dates and rows of keys are guessed first. Choose a few words that do not belong together."),
    )
    COMMON = (
        "common",
        N_("This is one of the first passwords anybody would try. Choose a few words that do not belong together."),
    )


def weakness(password: str, known: Iterable[str]) -> Weakness | None:
    """Why a password is refused; None where it is accepted. `known`: the person's name and address, and the hotels."""
    if len(password) < LEAST:
        return Weakness.SHORT
    if len(password) > MOST:
        return Weakness.LONG
    from zxcvbn import zxcvbn  # 13 MiB of word lists, loaded only where somebody chooses a password

    found = zxcvbn(password[:LOOKED_AT], user_inputs=_parts(known))
    return None if found["guesses"] >= ENOUGH else _of(found["sequence"])


def _parts(known: Iterable[str]) -> list[str]:
    """Each text whole, without its blanks, and word by word; and what anybody in a hotel would try."""
    found = [*TRADE]
    for text in (each.casefold() for each in known):
        words = re.split(r"[\W_]+", text)
        found += [text, "".join(words), *(word for word in words if len(word) > 2)]
    return list(dict.fromkeys(found))


def _of(sequence: Sequence[Mapping[str, Any]]) -> Weakness:
    """By the longest part of the password that a guesser would know."""
    known = [part for part in sequence if part["pattern"] != "bruteforce"]
    longest = max(known, key=lambda part: len(part["token"]), default=None)
    if longest is None or longest["pattern"] in ("repeat", "sequence", "spatial", "date", "regex"):
        return Weakness.PATTERN
    is_own = longest["dictionary_name"] == "user_inputs" and longest["matched_word"] not in TRADE
    return Weakness.PERSONAL if is_own else Weakness.COMMON
