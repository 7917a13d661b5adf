"""What a guest's reply means: an objection, a score, a call for help, something a person must read, or words.

A reply that is a stop word and nothing else ends consent at once. A sentence that merely contains one does not («we'll
stop by at six»), but a person reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import assert_never

from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.term import N_, Term


class TakenAs(Term):
    STOP = "stop", N_("Taken as STOP")
    SCORE = "score", N_("Taken as a score")
    STOP_INSIDE = "stop_inside", N_("May mean «stop»"), "look"
    HELP = "help", N_("Asked for help")
    WORDS = "words", N_("For a person to read"), "look"

    @property
    def is_objection(self) -> bool:
        """It ends something, or may be meant to."""
        return self in (TakenAs.STOP, TakenAs.STOP_INSIDE)


FOR_A_PERSON = (TakenAs.WORDS, TakenAs.STOP_INSIDE, TakenAs.HELP)


@dataclass(frozen=True)
class Reading:
    taken_as: TakenAs
    score: int | None = None
    comment: str | None = None


# By what carriers and the FCC's rule name (English), and what guests write in our other languages.
STOP_WORDS = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
        *(
            "arret",
            "arrete",
            "arretez",
            "desabonner",
            "desinscrire",
            "parar",
            "sair",
            "cancelar",
            "remover",
            "baja",
            "alto",
        ),
        *("stopp", "abmelden", "abbestellen", "afmelden", "annulla", "cancella", "avsluta", "rezygnuje", "стоп"),
        *("退订", "退訂", "拒收", "停止", "取消订阅", "td", "t", "r", "配信停止", "수신거부"),
    }
)
# Too short to mean anything inside a sentence.
INSIDE = frozenset(word for word in STOP_WORDS if len(word) > 2 or not word.isascii())
HELP_WORDS = frozenset({"help", "info", "ajuda", "ayuda", "aide", "hilfe", "帮助", "幫助"})
# A number as guests write it in our six languages; 十分 alone answers «from 0 to 10».
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "zero cero null 零",
            "one um uno un eins 一",
            "two dois dos deux zwei 二 两",
            "three tres trois drei 三",
            "four quatro cuatro quatre vier 四",
            "five cinco cinq funf fuenf 五",
            "six seis sechs 六",
            "seven sete siete sept sieben 七",
            "eight oito ocho huit acht 八",
            "nine nove nueve neuf neun 九",
            "ten dez diez dix zehn 十",
        )
    )
    for word in words.split()
}
OUT_OF_TEN = r"(?:\s*(?:/|out of|de|von|sur)\s*(?:10|ten|dez|diez|dix|zehn))?"
SCORE = re.compile(rf"(10|\d)\s*分?{OUT_OF_TEN}(?:[\s,.:;!，。！–-]+(.*))?", re.DOTALL | re.IGNORECASE)
SPELT = re.compile(
    rf"([^\W\d_]+?)\s*分?{OUT_OF_TEN}(?:\s*[,.:;!，。！–-]+\s*(.*)|\s+((?:but|mas|pero|mais|aber)\s.*))?",
    re.DOTALL | re.IGNORECASE,
)
# «2 nights were not enough» counts nights, not points.
COUNTS = re.compile(
    r"(nights?|days?|stars?|times?|rooms?|people|persons?|guests?|hours?|minutes?|min|am|pm|o'?clock|years?|weeks?"
    r"|noites?|dias?|noches?|nuits?|jours?|nachte?|tage?|sterne?|uhr|quartos?|habitaciones|chambres?|zimmer)\b"
    r"|[晚天间个号楼点人次星]",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*original|on .+ wrote:|am .+ schrieb|le .+ a écrit|el .+ escribió|em .+ escreveu)", re.IGNORECASE
)


def read_reply(text: str, *, survey_open: bool) -> Reading:
    """What the reply is taken as; a number is a score only where a survey waits for one."""
    own = without_quotes(text)
    words = _words(own)
    whole = " ".join(words)
    if whole in STOP_WORDS:
        return Reading(TakenAs.STOP)
    if whole in HELP_WORDS:
        return Reading(TakenAs.HELP)
    if survey_open and (found := _score(unicodedata.normalize("NFKC", own).strip())):
        return found
    joined = f" {whole} "
    if any(f" {word} " in joined or (not word.isascii() and word in joined) for word in INSIDE):
        return Reading(TakenAs.STOP_INSIDE)
    return Reading(TakenAs.WORDS)


def _score(text: str) -> Reading | None:
    """A number at the start, in digits («9 but noisy») or spelt («nine», «nine, but noisy»)."""
    if found := SCORE.fullmatch(text):
        comment = (found[2] or "").strip()
        return None if COUNTS.match(_bare(comment)) else Reading(TakenAs.SCORE, int(found[1]), comment or None)
    if (found := SPELT.fullmatch(text)) and (number := NUMBER_WORDS.get(_bare(found[1]))) is not None:
        return Reading(TakenAs.SCORE, number, (found[2] or found[3] or "").strip() or None)
    return None


def without_quotes(text: str) -> str:
    """The reply itself, without the message it answers."""
    lines = text.splitlines()
    kept = next((place for place, line in enumerate(lines) if QUOTED.match(line)), len(lines))
    return "\n".join(lines[:kept]).strip()


def scope_of_stop(channel: Channel, purpose: str | None) -> OptOutScope:
    """STOP from a number ends the channel; by e-mail it ends the purpose of the message, marketing where unknown."""
    match channel.contact:
        case ContactKind.NUMBER:
            return OptOutScope.CHANNEL
        case ContactKind.ADDRESS:
            return OptOutScope.FEEDBACK if purpose == Purpose.FEEDBACK else OptOutScope.MARKETING
        case _:
            assert_never(channel.contact)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _bare(text))


def _bare(text: str) -> str:
    """Without case and accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(letter for letter in spread if not unicodedata.combining(letter)))
