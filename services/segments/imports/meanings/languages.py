"""Languages by tag (pt, pt-BR, zh_CN), by code of three letters, and by name in the languages of guests."""

from __future__ import annotations

import re
from functools import cache

from services.segments.imports.meanings.countries import LANGUAGES
from services.segments.imports.meanings.words import word

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
OTHER_CODES = {  # what systems write for them
    "cn": "zh", "chs": "zh-hans", "cht": "zh-hant", "chi": "zh", "zho": "zh", "jp": "ja", "jpn": "ja", "kr": "ko",
    "kor": "ko", "cz": "cs", "dk": "da", "gr": "el", "eng": "en", "us": "en", "ger": "de", "deu": "de", "fre": "fr",
    "fra": "fr", "por": "pt", "ptg": "pt", "ptb": "pt-br", "spa": "es", "esp": "es", "ita": "it", "rus": "ru",
    "dut": "nl", "nld": "nl", "pol": "pl", "ara": "ar", "tur": "tr", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi",
}  # fmt: skip
ALIASES = {
    "zh": "中文,汉语,普通话,国语,华语,mandarin,chines,中國語",
    "zh-hans": "简体,简体中文,chinese simplified",
    "zh-hant": "繁体,繁体中文,繁體中文,繁體,chinese traditional",
    "pt-br": "brazilian,brazilian portuguese,portugues do brasil",
    "es": "castellano,castilian",
    "en": "american english,british english,英文",
    "ja": "日文",
    "ko": "韩文,韩语",
    "de": "德文",
    "fr": "法文",
    "ru": "俄文",
}


@cache
def language_names() -> dict[str, str]:
    """By name, as a word, the tag; built when the first name is read (0.1 s)."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        found |= {word(name): tag.lower().replace("_", "-") for tag, name in Locale.parse(language).languages.items()}
    return found | {word(name): tag for tag, names in ALIASES.items() for name in names.split(",")}


@cache
def known_languages() -> frozenset[str]:
    """The codes of languages that there are."""
    from babel import Locale

    return frozenset(str(tag) for tag in Locale.parse("en").languages if "_" not in str(tag))


def read_language(text: str) -> str:
    """The language's tag. Raises KeyError where it is not known."""
    tag = text.lower().replace("_", "-").strip()
    if tag in OTHER_CODES:
        return OTHER_CODES[tag]
    if LANGUAGE.fullmatch(tag) and tag.split("-")[0] in known_languages():
        return tag
    return language_names()[word(text)]


def language_meant(meaning: str) -> str:
    """Raises KeyError for what is no language."""
    if meaning.split("-")[0] not in known_languages():
        raise KeyError(meaning)
    return meaning
