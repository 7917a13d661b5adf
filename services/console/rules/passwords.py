"""Which passwords are taken: long ones that are not among the first that anybody would try. Nothing else is asked."""

from __future__ import annotations

import re

from shared.vocabulary.term import N_

LEAST, MOST = 12, 200
FEW_CHARACTERS = 4
_COMMON = """
    password passwort passw0rd senha contrasena motdepasse parola qwerty qwertz azerty qwertyuiop qwertzuiop asdfghjkl
    zxcvbnm welcome willkommen bemvindo bienvenue letmein iloveyou sunshine princess football baseball superman batman
    dragon monkey master shadow trustno changeme changethis secret admin administrator manager guest hotel reception
    frontdesk booking guestloop login abcdefgh abcdefghijkl default temp temporary test testing computer internet
    correcthorsebatterystaple summer winter spring autumn woaini
"""
COMMON = frozenset(_COMMON.split())
LINES = ("0123456789012345", "9876543210987654", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def weakness(password: str, *, name: str, email: str) -> str | None:
    """Why a password is not taken, in words; None where it is."""
    if len(password) < LEAST:
        return N_("Twelve characters at least. A short sentence is easy to remember.")
    if len(password) > MOST:
        return N_("Two hundred characters at most.")
    if _is_common(password.casefold()):
        return N_("This is one of the first passwords anybody would try. Take a few words that do not belong together.")
    if _is_about(password.casefold(), name, email):
        return N_("This is hardly more than your name or address. Take words that others cannot guess.")
    return None


def _is_common(password: str) -> bool:
    letters = re.sub(r"[^a-z]", "", password)
    words = {password, letters, *(letters[: len(letters) // times] for times in (2, 3) if _repeats(letters, times))}
    few = len(set(password)) <= FEW_CHARACTERS
    return few or bool(words & COMMON) or any(password[:LEAST] in line for line in LINES)


def _repeats(letters: str, times: int) -> bool:
    return bool(letters) and letters == letters[: len(letters) // times] * times


def _is_about(password: str, name: str, email: str) -> bool:
    """Whether little is left once the person's own names are taken away."""
    rest = password
    for part in re.split(r"[\s@.\-_]+", f"{name} {email}".casefold()):
        if len(part) > 2:
            rest = rest.replace(part, "")
    return rest != password and len(re.sub(r"[\W\d_]", "", rest)) < FEW_CHARACTERS
