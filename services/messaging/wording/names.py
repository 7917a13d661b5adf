"""`guest.name` and `guest.greeting`, built by language. A greeting never misses, and never guesses.

A known title greets by it; without one the greeting is neutral. Two people under one name are greeted by both. Sex is
never inferred from a name. Names come as sources wrote them: in capitals, with initials, with dirt; they are read
kindly, and what is no name is left out, a link above all: a mail programme or a phone would make one of it in a message
that is ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from shared.naming import plain_name, without_links
from shared.rows import row
from shared.vocabulary.couples import AND, names_two


@row
class Person:
    given_name: str
    family_name: str
    title: str | None = None


@dataclass(frozen=True)
class Greeting:
    """How a language greets: by each title it has a form for, else by name, else without one."""

    by_title: Mapping[str, str] = field(default_factory=dict)
    neutral: str = "{name}"
    nobody: str = "Hello"
    family_first: bool = False
    given_alone: bool = False  # the neutral greeting takes the given name where there is a whole one


def _titles(mr: str, ms: str, dr: str | None = None, mrs: str | None = None) -> dict[str, str]:
    forms = {"mr": mr, "ms": ms, "mrs": mrs or ms}
    return forms | {"dr": dr} if dr else forms


CHINESE = Greeting(_titles("尊敬的{family}先生", "尊敬的{family}女士"), "您好", "您好", family_first=True)
GREETINGS: Mapping[str, Greeting] = {
    "en": Greeting(
        _titles("Dear Mr {family}", "Dear Ms {family}", "Dear Dr {family}", "Dear Mrs {family}"), "Dear {name}"
    ),
    "de": Greeting(
        _titles("Guten Tag Herr {family}", "Guten Tag Frau {family}", "Guten Tag Dr. {family}"),
        "Guten Tag {name}",
        "Guten Tag",
    ),
    "fr": Greeting(_titles("Bonjour Monsieur {family}", "Bonjour Madame {family}"), "Bonjour {name}", "Bonjour"),
    "es": Greeting(
        _titles("Estimado señor {family}", "Estimada señora {family}"), "Hola, {name}", "Hola", given_alone=True
    ),
    "pt": Greeting(_titles("Caro Sr. {family}", "Cara Sra. {family}"), "Olá, {name}", "Olá", given_alone=True),
    "it": Greeting(_titles("Gentile signor {family}", "Gentile signora {family}"), "Gentile {name}", "Buongiorno"),
    "nl": Greeting(_titles("Geachte heer {family}", "Geachte mevrouw {family}"), "Goedendag {name}", "Goedendag"),
    "zh-Hans": CHINESE,
    "zh-Hant": CHINESE,
    "ja": Greeting({}, "{name} 様", "お客様", family_first=True),
    "ko": Greeting({}, "{name} 님", "고객님", family_first=True),
    "hu": Greeting({}, "Kedves {name}", "Tisztelt Vendégünk", family_first=True),
}
TITLES: Mapping[str, str] = {
    **dict.fromkeys(("mr", "mister", "herr", "hr", "sr", "señor", "senhor", "m", "monsieur", "sig", "先生"), "mr"),
    **dict.fromkeys(("ms", "miss", "mlle", "frau", "fr", "sra", "señora", "srta", "senhora", "女士", "小姐"), "ms"),
    **dict.fromkeys(("mrs", "mme", "madame", "sig.ra", "太太"), "mrs"),
    **dict.fromkeys(("dr", "doctor"), "dr"),
}

TITLE_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"mr": "Mr", "ms": "Ms", "mrs": "Mrs", "dr": "Dr"},
    "de": {"mr": "Herr", "ms": "Frau", "mrs": "Frau", "dr": "Dr."},
    "fr": {"mr": "Monsieur", "ms": "Madame", "mrs": "Madame"},
    "es": {"mr": "señor", "ms": "señora", "mrs": "señora"},
    "pt": {"mr": "Sr.", "ms": "Sra.", "mrs": "Sra."},
    "it": {"mr": "signor", "ms": "signora", "mrs": "signora"},
    "nl": {"mr": "heer", "ms": "mevrouw", "mrs": "mevrouw"},
    "zh": {"mr": "先生", "ms": "女士", "mrs": "女士", "dr": "博士"},
}
"""By language, what a known title is called."""

NOBODY = frozenset({"guest", "unknown", "n/a", "tba", "tbd", "anonymous", "none", "no name", "walk in", "walk-in"})
PARTICLE = re.compile(r"aan|al|bin|da|das|de|dei|del|della|den|der|di|do|dos|du|e|el|la|le|op|te|ten|ter|van|von|y|zu")
LEADING_PARTICLE = re.compile(r"da|das|de|do|dos|te|ten|ter|van|von|zu")
EAST_ASIAN = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af・]+")
STROKE = re.compile(r"\s*[/&+;＋／＆；]\s*")
INITIALS = re.compile(r"(\w\.?[ -]?){1,3}")
NO_NAME = re.compile(r"[\d@<>{}\[\]\\|=_#%]|(.)\1\1\1|^(x+|\W+)$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def guest_words(person: Person, language: str) -> Mapping[str, str]:
    """What texts read as `guest`: `greeting` always, the others where there are any."""
    form = GREETINGS.get(language) or GREETINGS.get(language.partition("-")[0]) or Greeting()
    stated = [without_links(plain_name(html.unescape(raw))) for raw in (person.given_name, person.family_name)]
    if is_couple := names_two(stated[0], stated[1], person.title):  # the strokes of a link name nobody
        given, family = map(both_names, stated)
    else:
        given, family = clean_name(stated[0], given=True), clean_name(stated[1])
    name = whole_name(given, family, family_first=form.family_first)
    words = {"greeting": _greeting(form, None if is_couple else known_title(person.title), given, family, name)}
    if not is_couple and (title := title_word(person.title, language)):
        words["title"] = title
    if given and not is_couple:
        words["first_name"] = given
    return words | {"name": name} if name else words


def both_names(raw: str) -> str:
    """What a couple's column holds as they would write it: «/» and «+» are read as «&»."""
    return " & ".join(filter(None, map(clean_name, STROKE.split(html.unescape(raw)))))


def known_title(title: str | None) -> str | None:
    """mr, ms, mrs or dr; None for whatever else a source wrote («Mr & Mrs», «Family»)."""
    return TITLES.get((title or "").strip().casefold().rstrip("."))


def title_word(title: str | None, language: str) -> str | None:
    """A known title in the words of a language; None where the language has none for it."""
    return TITLE_WORDS.get(language.partition("-")[0], {}).get(known_title(title) or "")


def whole_name(given: str, family: str, *, family_first: bool) -> str:
    """Names of East Asian script stand family first and together in every language."""
    if given and family and EAST_ASIAN.fullmatch(given + family):
        return family + given
    return " ".join(part for part in ((family, given) if family_first else (given, family)) if part)


def clean_name(raw: str, *, given: bool = False) -> str:
    """A name as its bearer would write it, as far as one can tell; «» for what is no name."""
    name = without_links(plain_name(html.unescape(raw))).split("/")[0]
    name = name.strip(" ,;:!?*\"'`´‘’“”()-")
    if not name or len(name) > 60 or name.casefold() in NOBODY or NO_NAME.search(name):
        return ""
    if raw.casefold().strip() in NOBODY:
        return ""
    words = name.split(" ")
    shouted = name.isupper()
    return " ".join(_word(word, place, len(words), shouted, given) for place, word in enumerate(words))


def _greeting(form: Greeting, title: str | None, given: str, family: str, name: str) -> str:
    if not name:
        return form.nobody
    if title and title in form.by_title and family and not _is_initial(family):
        return form.by_title[title].format(family=_spaced(family, form))
    if form.given_alone and given and not _is_initial(given):
        return form.neutral.format(name=given)
    return form.neutral.format(name=name)


def _spaced(family: str, form: Greeting) -> str:
    """Latin letters stand apart from Chinese ones."""
    return f" {family} " if form is CHINESE and not EAST_ASIAN.fullmatch(family) else family


def _is_initial(name: str) -> bool:
    return bool(INITIALS.fullmatch(name)) and not EAST_ASIAN.fullmatch(name) and ("." in name or len(name) == 1)


def _word(word: str, place: int, of: int, shouted: bool, given: bool) -> str:
    lower = word.lower()
    if lower in AND and 0 < place < of - 1:
        return lower
    particle = LEADING_PARTICLE if shouted and place == 0 else PARTICLE  # «LE BERRE» is Le Berre
    if of > 1 and (shouted or word.islower()) and particle.fullmatch(lower):
        return lower
    if shouted and given and len(word) <= 3 and not re.search("[AEIOUYÀ-Ý]", word):
        return word  # J.P., TJ
    if shouted or word.islower():
        return "".join(_capital(part) for part in re.split(r"([-'’.])", lower))
    return word


def _capital(part: str) -> str:
    if part.startswith("mc") and len(part) > 4:
        return "Mc" + part[2:].capitalize()
    return part.capitalize()
