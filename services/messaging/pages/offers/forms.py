"""The form of an offer, read: its texts by language, and what is wrong in words at the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.messaging.schemas import OfferTyped, read
from shared.colours import hex_colour, is_readable
from shared.errors import InputError, Problem
from shared.vocabulary.currency import known_codes
from shared.vocabulary.offer import OfferKind, WorthKind

Document = dict[str, Any]
PROBLEMS: Mapping[str, Any] = {
    "no_key": _l("The name has no letter or figure; give it one in Latin letters too."),
    "taken": _l("Another offer is called so."),
    "no_word": _l("Give the word that guests say: letters and figures, forty at most."),
    "word_taken": _l("This is the code of another offer, «%(offer)s»."),
    "no_picture": _l("This picture is not in the library any more. Choose another."),
    "count": _l("A number from 1 to 5,000,000."),
    "too_many": _l("The file holds more than five million codes: hand it in in parts."),
    "no_codes": _l("The file holds no code: it has one in each line, or in its first column."),
}
WRONG = {
    "number": _l("A number above nought."),
    "currency": _l("A currency by its three letters, such as EUR."),
    "begins_on": _l("A day."),
    "ends_on": _l("A day, not before the first."),
    "uses": _l("A number from 1 to 10,000."),
}
LONGEST_NAME, LONGEST_TERMS = 120, 4000
OF_ITS_OWN = ("begins_on", "ends_on", "brand", "colour", "logo", "word", "uses")


@dataclass
class Typed:
    """`tongues`: the languages of the form, in its order."""

    kind: OfferKind
    document: Document
    tongues: list[str] = field(default_factory=list)


def typed_of(kind: str, document: Mapping[str, Any]) -> dict[str, str]:
    """An offer as the form's fields show it."""
    worth = document["worth"]
    typed = {
        "kind": kind,
        "worth": worth["kind"],
        "number": worth.get("number") or "",
        "currency": worth.get("currency") or "",
        **{name: str(document.get(name) or "") for name in OF_ITS_OWN},
    }
    for tag in tongues_of(document):
        typed |= {f"name-{tag}": document["name"].get(tag, ""), f"terms-{tag}": document["terms"].get(tag, "")}
        typed[f"gift-{tag}"] = (worth.get("gift") or {}).get(tag, "")
    return typed


def tongues_of(document: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys((*document["name"], *document["terms"])))


def read_offer(form: Mapping[str, str], tongues: list[str], hotels: list[str], mine: frozenset[str]) -> Typed:
    """`hotels`: those chosen; `mine`: those of the person, empty for all. InputError names each field, in words."""
    try:
        given, wrong = read(OfferTyped, {**form, "number": form.get("number", "").replace(",", ".")}), {}
    except InputError as error:
        raise InputError(None, {name: str(WRONG.get(name, text)) for name, text in error.problems.items()}) from error
    kind, worth = OfferKind(given["kind"]), WorthKind(given["worth"])
    texts = {what: _by_language(form, what, tongues) for what in ("name", "terms", "gift")}
    for tag in tongues:
        if not texts["name"].get(tag):
            wrong[f"name-{tag}"] = gettext("Name it, in each language.")
        elif len(texts["name"][tag]) > LONGEST_NAME:
            wrong[f"name-{tag}"] = gettext("At most 120 letters.")
        if not texts["terms"].get(tag):
            wrong[f"terms-{tag}"] = gettext("Guests read the terms: say at least where and how often it may be used.")
        elif len(texts["terms"][tag]) > LONGEST_TERMS:
            wrong[f"terms-{tag}"] = gettext("At most 4,000 letters.")
        if worth is WorthKind.GIFT and not texts["gift"].get(tag):
            wrong[f"gift-{tag}"] = gettext("Say what the gift is.")
    wrong |= _of_worth(worth, given) | _of_days(given) | _of_partner(given)
    if kind is OfferKind.WORD and not given["word"]:
        wrong["word"] = str(PROBLEMS["no_word"])
    if mine and not (hotels and mine.issuperset(hotels)):
        wrong["hotels"] = gettext("Choose among your own hotels.")
    if wrong:
        raise InputError(None, wrong)
    return Typed(kind, _document(kind, worth, given, texts, hotels), tongues)


def _by_language(form: Mapping[str, str], what: str, tongues: list[str]) -> dict[str, str]:
    given = {tag: form.get(f"{what}-{tag}", "").replace("\r\n", "\n").strip() for tag in tongues}
    return {tag: text for tag, text in given.items() if text}


def _of_worth(worth: WorthKind, given: Mapping[str, Any]) -> dict[str, str]:
    if worth is WorthKind.GIFT:
        return {}
    wrong = {}
    if given["number"] is None or (worth is WorthKind.PERCENT and given["number"] > 100):
        wrong["number"] = gettext("From 1 to 100 per cent.") if worth is WorthKind.PERCENT else str(WRONG["number"])
    if worth is WorthKind.AMOUNT and given["currency"] not in known_codes():
        wrong["currency"] = str(WRONG["currency"])
    return wrong


def _of_days(given: Mapping[str, Any]) -> dict[str, str]:
    begins, ends = given["begins_on"], given["ends_on"]
    return {"ends_on": str(WRONG["ends_on"])} if begins and ends and ends < begins else {}


def _of_partner(given: Mapping[str, Any]) -> dict[str, str]:
    wrong, colour = {}, hex_colour(given["colour"])
    if (given["colour"] or given["logo"]) and not given["brand"]:
        wrong["brand"] = gettext("Name the partner whose colour or logo this is.")
    if given["colour"] and colour is None:
        wrong["colour"] = gettext("Write a colour as #1f4e79.")
    elif colour and not is_readable(colour):
        wrong["colour"] = gettext("White words cannot be read on this colour. Choose a darker one.")
    return wrong


def _document(
    kind: OfferKind, worth: WorthKind, given: Mapping[str, Any], texts: Mapping[str, Any], hotels: list[str]
) -> Document:
    is_gift = worth is WorthKind.GIFT
    return {
        "name": texts["name"],
        "terms": texts["terms"],
        "worth": {
            "kind": str(worth),
            "number": None if is_gift else format(given["number"].normalize(), "f"),
            "currency": given["currency"] if worth is WorthKind.AMOUNT else None,
            "gift": texts["gift"] if is_gift else None,
        },
        "begins_on": given["begins_on"].isoformat() if given["begins_on"] else None,
        "ends_on": given["ends_on"].isoformat() if given["ends_on"] else None,
        "hotels": sorted(hotels),
        "brand": given["brand"] or None,
        "colour": hex_colour(given["colour"]),
        "logo": given["logo"] or None,
        "word": given["word"] if kind is OfferKind.WORD else None,
        "uses": given["uses"] if kind is OfferKind.REFERRAL else None,
    }


def in_words(error: InputError) -> dict[str, str]:
    """What a command refused, at its field."""
    return {
        name: str(PROBLEMS[problem.code]) % problem.values if isinstance(problem, Problem) else problem
        for name, problem in error.problems.items()
    }
