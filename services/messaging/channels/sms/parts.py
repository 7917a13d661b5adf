"""How many parts a text message costs. GSM-7: 160 in one part, 153 in each of several; UCS-2: 70 and 67."""

from __future__ import annotations

from services.messaging.channels.text import Cost

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = frozenset("\f^{}\\[~]|€")


def sms_parts(text: str) -> int:
    """Parts as the carrier counts them: a character of two places, or a surrogate pair, is never cut at a seam."""
    if all(character in GSM_7 or character in TWO_PLACES for character in text):
        return _parts([2 if character in TWO_PLACES else 1 for character in text], 160, 153)
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)


def _parts(widths: list[int], alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts


def sms_cost(text: str) -> Cost:
    dear = tuple(dict.fromkeys(character for character in text if character not in GSM_7 | TWO_PLACES))
    if dear:
        return Cost(sms_parts(text), sum(2 if ord(each) > 0xFFFF else 1 for each in text), "UCS-2", dear)
    return Cost(sms_parts(text), sum(2 if each in TWO_PLACES else 1 for each in text), "GSM-7", ())
