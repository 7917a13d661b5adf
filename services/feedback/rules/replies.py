"""What a guest's reply means: an objection, a score, something a person must read, or words.

A reply that is a stop word and nothing else ends consent at once. A sentence that merely contains one does not («we'll
stop by at six»), but a person reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class TakenAs(StrEnum):
    STOP = "stop"
    SCORE = "score"
    STOP_INSIDE = "stop_inside"
    WORDS = "words"


@dataclass(frozen=True)
class Reading:
    taken_as: TakenAs
    score: int | None = None
    comment: str | None = None


# By what carriers and the FCC's rule name (English), and what guests write in our other languages.
STOP_WORDS = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
        *("arret", "desabonner", "desinscrire", "parar", "sair", "cancelar", "remover", "baja", "alto"),
        *("stopp", "abmelden", "abbestellen", "afmelden", "annulla", "cancella", "avsluta", "rezygnuje", "стоп"),
        *("退订", "退訂", "拒收", "停止", "td", "t", "r", "配信停止", "수신거부"),
    }
)
# Too short to mean anything inside a sentence.
INSIDE = frozenset(word for word in STOP_WORDS if len(word) > 2 or not word.isascii())
SCORE = re.compile(r"(10|\d)(?:\s*/\s*10)?(?:[\s,.:;!–-]+(.*))?", re.DOTALL)
QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*original|on .+ wrote:|am .+ schrieb|le .+ a écrit|el .+ escribió|em .+ escreveu)", re.IGNORECASE
)


def read_reply(text: str, *, survey_open: bool) -> Reading:
    """What the reply is taken as; a number is a score only where a survey waits for one."""
    own = without_quotes(text)
    words = _words(own)
    if " ".join(words) in STOP_WORDS:
        return Reading(TakenAs.STOP)
    found = SCORE.fullmatch(unicodedata.normalize("NFKC", own).strip())
    if survey_open and found:
        return Reading(TakenAs.SCORE, int(found[1]), (found[2] or "").strip() or None)
    joined = f" {' '.join(words)} "
    if any(f" {word} " in joined or (not word.isascii() and word in joined) for word in INSIDE):
        return Reading(TakenAs.STOP_INSIDE)
    return Reading(TakenAs.WORDS)


def without_quotes(text: str) -> str:
    """The reply itself, without the message it answers."""
    lines = text.splitlines()
    kept = next((place for place, line in enumerate(lines) if QUOTED.match(line)), len(lines))
    return "\n".join(lines[:kept]).strip()


def scope_of_stop(channel: str, purpose: str | None) -> str:
    """STOP by SMS ends all SMS; by e-mail it ends what the message was, marketing where that is not known."""
    if channel == "sms":
        return "channel"
    return "feedback" if purpose == "feedback" else "marketing"


def _words(text: str) -> list[str]:
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = unicodedata.normalize("NFC", "".join(letter for letter in spread if not unicodedata.combining(letter)))
    return re.findall(r"\w+", bare)
