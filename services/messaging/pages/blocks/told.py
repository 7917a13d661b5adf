"""What the editor's list of blocks is drawn from, and what its script is told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import escape

from services.messaging.library.advice import advice
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.pages.blocks.kinds import KINDS, WHOLE_ROWS, texts_in
from services.messaging.pages.templates.inserts import inserts_of, proposed_in
from services.messaging.pages.templates.problem_words import in_words
from services.messaging.pages.templates.segment_choices import own_date_values, own_dates, segment_choices
from services.messaging.wording.conditions import COMPARISONS
from services.messaging.wording.rich import read_rich
from services.messaging.wording.sandbox import NotOfTheLanguage
from services.messaging.wording.values import COMPARED
from shared.errors import InputError
from shared.web.access_control import my_hotels
from shared.web.i18n.labels import label
from shared.web.i18n.languages import language_name, locale

MUST, LOOK = "must", "look"
COMPARED_NAMES: Mapping[str, Any] = {
    "guest.language": _l("the guest's language"),
    "guest.country": _l("the guest's country"),
    "guest.segment": _l("the guest's segments"),
    "guest.tier": _l("the guest's tier"),
    "guest.points": _l("the guest's points"),
    "property.code": _l("the hotel"),
    "stay.guests": _l("the number of guests"),
    "stay.nights": _l("the number of nights"),
    "stay.room_type": _l("the room"),
    "last_stay.nights": _l("the nights of the last stay"),
    "last_stay.hotel_code": _l("the hotel of the last stay"),
}
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "ar")


def body_of(typed: Mapping[str, str]) -> list[Any]:
    """What stands in the editor's list."""
    try:
        found = json.loads(typed.get("blocks") or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def block_problems(document: Mapping[str, Any], language: str) -> dict[str, list[list[str]]]:
    """By the place of a block («2», «2/columns/columns/0/1»), what is to be mended (`must`) or looked at (`look`)."""
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    start = f"/locales/{language}/email/body/"
    told: dict[str, tuple[str, str]]
    try:
        template = read_template(document, version=1)
        check(template, dates=own_dates())
        told = {place: (LOOK, problem) for place, problem in advice(template).items()}
    except InputError as error:
        told = {place: (MUST, problem) for place, problem in error.problems.items()}
    for place, (weight, problem) in told.items():
        if place.startswith(start):
            found[_block_at(place.removeprefix(start).split("/"))].append([weight, in_words(problem)])
    return dict(found)


def _block_at(parts: list[str]) -> str:
    """A block in a column, or the one whose columns they are."""
    if parts[1:3] == ["columns", "columns"] and len(parts) >= 5 and parts[3].isdecimal() and parts[4].isdecimal():
        return "/".join(parts[:5])
    return parts[0]


def pages_of(body: list[Any]) -> dict[str, str]:
    """By text with marks, how it looks: the script keeps to the marks as the mail reads them."""
    return {text: _page(text) for text in texts_in(body)}


def _page(text: str) -> str:
    try:
        return read_rich(text, str).page
    except NotOfTheLanguage:
        return f"<p>{escape(text)}</p>"


def told(document: Mapping[str, Any], language: str, body: list[Any]) -> str:
    """For the script, in JSON."""
    inserts = {name: str(words) for name, words in inserts_of(document, own_date_values()).items()}
    return json.dumps(
        {
            "kinds": {
                name: {
                    "label": str(kind.label),
                    "fields": [field.told for field in kind.fields],
                    "begins": dict(kind.begins),
                }
                for name, kind in KINDS.items()
            },
            "values": {name: words for name, words in inserts.items() if not name.startswith("links.")},
            "always": ["guest.greeting"],
            "key": document["key"],
            "wholeRows": WHOLE_ROWS,
            "noSource": ["source", "stay", "offer"],
            "hotels": [[hotel.code, hotel.name] for hotel in my_hotels()],
            "defaults": proposed_in(language),
            "links": {name: words for name, words in inserts.items() if name.startswith("links.")},
            "compared": [_compared(name) for name in COMPARED],
            "pages": pages_of(body),
            "words": words(),
        },
        ensure_ascii=False,
    ).replace("<", "\\u003c")


def _compared(name: str) -> dict[str, Any]:
    kind = COMPARED[name]
    return {
        "of": name,
        "label": str(COMPARED_NAMES[name]),
        "number": kind == "number",
        "is": [[str(one), label(one)] for one in COMPARISONS[kind]],
        "choices": _choices(name),
    }


def _choices(name: str) -> list[list[str]]:
    match name:
        case "guest.language":
            return [[tag, language_name(tag)] for tag in LANGUAGES]
        case "guest.country":
            named = {code: text for code, text in locale().territories.items() if len(code) == 2 and code.isalpha()}
            return sorted(([code, text] for code, text in named.items()), key=lambda one: one[1])
        case "guest.segment":
            return [[key, name] for key, name in segment_choices().items()]
        case "property.code" | "last_stay.hotel_code":
            return [[hotel.code, hotel.name] for hotel in my_hotels()]
        case _:
            return []


def words() -> dict[str, str]:
    """What the script says."""
    return {
        "add": gettext("Add a block"),
        "add_below": gettext("Add a block below"),
        "up": gettext("Move up"),
        "down": gettext("Move down"),
        "double": gettext("Double"),
        "remove": gettext("Remove"),
        "undo": gettext("Undo"),
        "redo": gettext("Redo"),
        "drag": gettext("Drag to move"),
        "moved": gettext("{kind}, now {place} of {all}"),
        "removed": gettext("{kind} removed. Undo brings it back."),
        "added": gettext("{kind} added"),
        "undone": gettext("Undone"),
        "redone": gettext("Done again"),
        "bold": gettext("Bold"),
        "italic": gettext("Italic"),
        "bullets": gettext("List"),
        "numbers": gettext("Numbered list"),
        "link": gettext("Link"),
        "unlink": gettext("Remove the link"),
        "value": gettext("Insert a value"),
        "missing": gettext("Where it is missing"),
        "missing_hint": gettext("What stands there for a guest of whom it is not known."),
        "done": gettext("Done"),
        "cancel": gettext("Cancel"),
        "leads_to": gettext("Leads to"),
        "address": gettext("an address, phone or mailbox"),
        "address_hint": gettext("https://…, tel:…, mailto:…"),
        "when": gettext("Only shown when"),
        "always_shown": gettext("Always shown"),
        "condition": gettext("Add a condition"),
        "many_hint": gettext("Several by commas"),
        "choose": gettext("Choose a picture"),
        "upload": gettext("Hand in a new one"),
        "search": gettext("Search"),
        "no_pictures": gettext("No picture is called so."),
        "uploading": gettext("It is being handed in …"),
        "still": gettext("It moves too long or is too large to move in a mail: its first frame is kept."),
        "failed": gettext("It could not be handed in. Try again."),
        "column": gettext("Column {place}"),
        "more_columns": gettext("Three columns"),
        "fewer_columns": gettext("Two columns"),
        "name": gettext("Name"),
        "another": gettext("Another place"),
        "unreadable": gettext("This block cannot be edited here; it stays as it is."),
        "more": gettext("More"),
        "keep": gettext("Keep for other mails"),
        "kept": gettext("Kept as «{name}»."),
        "keep_which": gettext("What is kept"),
        "keep_one": gettext("this block"),
        "keep_more": gettext("{count} blocks from here on"),
        "keep_whose": gettext("For the mails of"),
        "all_hotels": gettext("All hotels"),
        "as_source": gettext("Edit as source"),
        "all_as_source": gettext("Edit the whole mail as source"),
        "source_hint": gettext("Header, footer and the way out stand around it as around every mail."),
    }
