"""A message as a tree without namespaces, without cards, and never with a DTD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from shared.errors import InputError

CARDS = frozenset({"PaymentCard", "PaymentForm", "BankAcct", "DirectBill", "CardNumber", "CardCode", "SeriesCode"})
CARD_NUMBER = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
MOST_ELEMENTS = 20_000


@dataclass(frozen=True)
class Message:
    """`root`: the request. `user`, `password`: of WS-Security, where it comes in an envelope."""

    root: Element
    is_in_envelope: bool = False
    user: str = ""
    password: str = ""


def message_of(body: bytes) -> Message:
    """Raises `InputError`, which repeats nothing of the message."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError("A document with a DTD or entities is not read.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise InputError("This is no well-formed XML.") from error
    _without_namespaces_and_cards(root)
    if root.tag != "Envelope":
        return Message(root)
    inner = next(iter(root.findall("Body/*")), None)
    if inner is None:
        raise InputError("The envelope is empty.")
    token = "Header/Security/UsernameToken"
    return Message(inner, True, root.findtext(f"{token}/Username", ""), root.findtext(f"{token}/Password", ""))


def attributes(element: Element, *names: str) -> Iterator[str]:
    """Those of these that are there, in this order."""
    for name in names:
        if value := element.get(name, "").strip():
            yield value


def without_card(text: str | None) -> str | None:
    """None for a text in which a card's number stands: digits of that many with the right check digit."""
    return None if text and any(_is_card(found) for found in CARD_NUMBER.findall(text)) else text


def _without_namespaces_and_cards(root: Element) -> None:
    waiting, count = [root], 0
    while waiting:
        element = waiting.pop()
        count += 1
        if count > MOST_ELEMENTS:
            raise InputError("The message has too many elements.")
        element.tag = str(element.tag).rpartition("}")[2]
        for child in list(element):
            if str(child.tag).rpartition("}")[2] in CARDS:
                element.remove(child)
            else:
                waiting.append(child)


def _is_card(text: str) -> bool:
    digits = [int(character) for character in reversed(text) if character.isdecimal()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
