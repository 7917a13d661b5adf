"""E-mail addresses: read from a cell, and written as mail servers take them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from shared.contact_points.reading import MOST, NULLISH, QUOTES, PointRead, cleaned
from shared.vocabulary.contact_point import PointFault

PLAIN = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,62}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
MAILTO = re.compile(r"mailto:\s*(?://)?([^\s?<>,;]*)(\?[^\s<>,;]*)?", re.IGNORECASE)
IN_ANGLES = re.compile(r"[^,;|\r\n<>@]*<([^<>]*@[^<>]*)>")
REMARK = re.compile(r"\([^()@]*\)|\[[^\[\]@]*\]")
APART = re.compile(r"[;,|\r\n\t、]+")
BETWEEN = frozenset({"and", "or", "und", "oder", "y", "e", "o", "ou", "et", "u", "和", "或", "&", "+", "/", "-"})
AROUND = f" ,;:!?*()[]{{}}<>{QUOTES}"


def read_emails(text: str) -> tuple[PointRead, ...]:
    """The addresses in a cell, usable ones first; none where the cell stands for none."""
    plain = text.strip().lower()
    if PLAIN.fullmatch(plain) and ".." not in plain and ".@" not in plain and "xn--" not in plain:
        return (PointRead(plain),)
    if plain in NULLISH or (found := cleaned(text)).lower() in NULLISH:
        return ()
    read = sorted(dict.fromkeys(_read(piece) for piece in _pieces(found)), key=lambda one: one.fault is not None)
    if not read:
        return (PointRead(as_once_read(text), PointFault.NO_ADDRESS),)
    return (_with_form(read[0], as_once_read(text)), *read[1:MOST])


def the_email(text: str) -> str:
    """The one address that a form asks for, clean; as it was written where it holds none, or several."""
    found = read_emails(text)
    return found[0].address if len(found) == 1 and found[0].fault is None else text.strip()


def ascii_email(address: str) -> str:
    """The address as a server without SMTPUTF8 takes it: its domain in punycode. What cannot be stays as it is."""
    if address.isascii():
        return address
    name, _, domain = address.rpartition("@")
    found = _domain(domain, unicode=False)
    return f"{name}@{found}" if found else address


def as_once_read(text: str) -> str:
    """The spelling by which versions before 0.3.0 kept and indexed an address."""
    return text.strip().removeprefix("mailto:").strip("<>").lower()


def _with_form(read: PointRead, form: str) -> PointRead:
    """A bad address keeps the spelling that it was kept under."""
    if read.fault:
        return PointRead(form, read.fault)
    return read if form == read.address else PointRead(read.address, form=form)


def _pieces(text: str) -> list[str]:
    """The parts of a cell that hold an address each."""
    text = MAILTO.sub(lambda found: unquote(found[1]), text)
    text = REMARK.sub(" ", IN_ANGLES.sub(r";\1;", text))
    text = re.sub(r"\s*@\s*", "@", text)
    pieces: list[str] = []
    for piece in APART.split(text):
        parts = piece.split("/")
        pieces += parts if all("@" in part for part in parts) else [piece]
    return [piece for one in pieces if "@" in one for piece in _apart(one)]


def _apart(piece: str) -> list[str]:
    """Addresses with blanks between them; whole where other words stand beside one, which may be a part of it."""
    words = [word for word in piece.split() if not word.endswith(":") and word.lower() not in BETWEEN]
    return words if all("@" in word for word in words) else [" ".join(words)]


def _read(piece: str) -> PointRead:
    text = piece.strip(AROUND).rstrip("." + AROUND).lower()
    if re.search(r"\s", text):
        return PointRead(text, PointFault.BLANK_INSIDE)
    name, at, domain = text.rpartition("@")
    if not at or not name or "@" in name:
        return PointRead(text, PointFault.NO_ADDRESS)
    if not domain.isascii() or "xn--" in domain:
        domain = _domain(domain, unicode=True) or ""
    if "." not in domain:
        return PointRead(text, PointFault.DOMAIN)
    address = f"{name}@{domain}"
    return PointRead(address) if _sound(address) else PointRead(text, PointFault.NO_ADDRESS)


def _sound(address: str) -> bool:
    """Plain addresses pass by their shape; only unusual ones go to the validator."""
    if PLAIN.fullmatch(address) and ".." not in address and ".@" not in address:
        return True
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _domain(domain: str, *, unicode: bool) -> str | None:
    """An international domain in its own letters, or in punycode; None where it is none."""
    import idna

    try:
        encoded = idna.encode(domain, uts46=True).decode("ascii")
        return idna.decode(encoded) if unicode else encoded
    except idna.IDNAError:
        return None
