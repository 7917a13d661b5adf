"""What a marketer typed into the form of a sign-up form, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask_babel import gettext

from services.segments.rules.sign_ups import TEXTS, Wording
from services.segments.shipped.sign_up import sign_up_texts
from shared.errors import InputError
from shared.vocabulary.sign_up import Box
from shared.web.i18n.guest_languages import GUEST_LANGUAGES

CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
TAKEN = frozenset({"new", "differences", "choices"})  # by pages of ours
LONGEST_NAME, LONGEST_TEXT = 80, 2000
NEEDED = ("title", "privacy", "imprint")


def code_in(values: Mapping[str, str]) -> str:
    """Raises `InputError`."""
    code = values.get("code", "").strip().lower()
    if not CODE.fullmatch(code) or code in TAKEN:
        raise InputError(problems={"code": gettext("Small letters, digits and hyphens, 40 at most, such as lisboa.")})
    return code


def name_in(values: Mapping[str, str]) -> str:
    """Raises `InputError`."""
    name = " ".join(values.get("name", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise InputError(problems={"name": gettext("A name of 80 characters at most is needed.")})
    return name


def wording_in(values: Mapping[str, str]) -> Wording:
    """Raises `InputError` by field; the fields of a language are named `<tag>.<part>`."""
    problems: dict[str, str] = {}
    boxes = tuple(box for box in Box if f"box.{box}" in values)
    if not boxes:
        problems["boxes"] = gettext("Offer at least one thing to tick.")
    spoken = [tag for tag in GUEST_LANGUAGES if f"{tag}.offered" in values]
    if not spoken:
        problems["languages"] = gettext("Offer at least one language.")
    texts = {tag: _texts(values, tag, boxes, problems) for tag in spoken}
    if problems:
        raise InputError(problems=problems)
    return Wording(boxes, "asks_birth_date" in values, texts)


def _texts(values: Mapping[str, str], tag: str, boxes: tuple[Box, ...], problems: dict[str, str]) -> dict[str, str]:
    found = {}
    for part in (*TEXTS, *map(str, boxes)):
        text = " ".join(values.get(f"{tag}.{part}", "").split())
        if not text and (part in NEEDED or part not in TEXTS):
            problems[f"{tag}.{part}"] = gettext("This is needed in every language that is offered.")
        elif len(text) > LONGEST_TEXT:
            problems[f"{tag}.{part}"] = gettext("A text has 2,000 characters at most.")
        elif part == "privacy" and not _is_address(text):
            problems[f"{tag}.{part}"] = gettext(
                "The address of a page is needed, such as https://hotel.example/privacy."
            )
        found[part] = text
    return found


def _is_address(text: str) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in ("https", "http") and bool(found.hostname)


def proposed() -> dict[str, str]:
    """What stands in the form of a new one."""
    found = {f"box.{Box.EMAIL_MARKETING}": "1", "en.offered": "1"}
    for tag, texts in sign_up_texts().items():
        found |= {f"{tag}.{part}": text for part, text in texts["own"].items()}
    return found


def values_of(wording: Wording) -> dict[str, str]:
    """The same form, filled in with a wording."""
    found = proposed()
    for name in (f"box.{Box.EMAIL_MARKETING}", "en.offered"):
        found.pop(name)
    found |= {f"box.{box}": "1" for box in wording.boxes}
    found |= {"asks_birth_date": "1"} if wording.asks_birth_date else {}
    for tag, texts in wording.texts.items():
        found[f"{tag}.offered"] = "1"
        found |= {f"{tag}.{part}": text for part, text in texts.items()}
    return found
