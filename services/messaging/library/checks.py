"""What must hold before a template is published: each piece is sound, and each guest would read a whole message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import Any

from jinja2.nodes import Template as Tree

from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.text import Source
from services.messaging.library.documents import Template
from services.messaging.library.rendering import prepared
from services.messaging.rules.confirmations import TEMPLATE as CONFIRMATION
from services.messaging.wording import sandbox
from services.messaging.wording.names import Person
from services.messaging.wording.rich import read_rich
from services.messaging.wording.values import KNOWN, Hotel, Identity, Links, StaySaid, message_values
from shared.errors import GuestloopError, InputError, Problem
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose

MONTHS = (
    "janu|janv|janei|enero|febr|févr|fever|märz|marzo|março|mars|march|april|avril|abril|may|mai|maio|mayo|june|juni|juin|"
    "junh|july|juli|juil|julh|agosto|august|août|sept|setem|octo|okto|octu|outu|novem|noviem|dezem|decem|diciem|décem|"
    "(?:jan|feb|apr|aug|oct|nov|dec)(?![a-z])"
)
DATE = re.compile(
    rf"\d{{1,2}}\s?[./-]\s?\d{{1,2}}\b|\d{{4}}-\d{{2}}|\d\s?月|\b\d{{1,2}}\.?\s(?:de\s|of\s)?(?:{MONTHS})"
    rf"|\b(?:{MONTHS})[a-zçé]*\.?\s\d{{1,4}}\b",
    re.IGNORECASE,
)
PRICE = re.compile(r"[€$£¥￥]\s?\d|\d\s?(?:[€$£¥￥元%％]|eur\b|usd\b|gbp\b|cny\b|rmb\b)", re.IGNORECASE)
GUESTS = (
    Person("Anna", "Müller", "Frau"),
    Person("JEZABEL", "MARTINS", None),
    Person("伟", "张", "先生"),
    Person("J.", "Montgomery-Featherstonehaugh", "Mr"),
    Person("", "", None),
)
SENDER = Identity(
    "Hotel Example",
    "Hotel Example Ltd",
    "1 Example Street, Exampleton",
    "hello@hotel.example",
    "https://go.hotel.example/messaging/picture/",
)
HOTEL = Hotel("Hotel Example by the River", "+44 20 7946 0000", "example")
STAY = StaySaid(HOTEL.name, HOTEL.code, date(2027, 3, 5), date(2027, 3, 8), "10023")
CONFIRM = "links.confirm"
TELLING = frozenset(name for name in KNOWN if name.startswith(("stay.", "last_stay.")) and not name.endswith(".hotel"))
LINKS = Links(**{field.name: f"https://go.hotel.example/{field.name}/{'x' * 50}" for field in fields(Links)})


def check(template: Template) -> None:
    """InputError names every place that must be mended before this can be published."""
    problems = dict(_problems_of_pieces(template)) or dict(_problems_of_whole(template))
    if problems:
        raise InputError(f"«{template.key}» cannot be published yet", problems)


def _problems_of_pieces(template: Template) -> Iterator[tuple[str, Problem]]:
    for place, source in template.sources():
        try:
            tree = sandbox.parse(source.text)
            read, _ = sandbox.paths(tree)
        except sandbox.NotOfTheLanguage as error:
            yield place, error.problem
            continue
        known = [name for name in KNOWN if name != CONFIRM or template.key == CONFIRMATION]
        if unknown := sorted(read.difference(known)):
            text = f"there is no value «{unknown[0]}»; there are {', '.join(known)}"
            yield place, Problem(text, "no_value", name=unknown[0])
        elif broken := _broken_branch(tree):
            yield place, broken.problem
        elif template.purpose is not Purpose.STAY_SERVICE and (seen := exposes(source)):
            yield place, seen
        elif source.has_marks and (unread := _unread_marks(source.text)):
            yield place, unread.problem
        if template.purpose is Purpose.FEEDBACK and PRICE.search(source.text):
            yield place, Problem("a question about a stay carries no offer", "offer")


def sample_values(guest: Person, language: str) -> dict[str, Any]:
    return message_values(guest, language, sender=SENDER, hotel=HOTEL, links=LINKS, stay=STAY, last_stay=STAY)


def _broken_branch(tree: Tree) -> sandbox.NotOfTheLanguage | None:
    """What goes wrong on a way that no trial guest may take; that a value is missing there is what its `if` is for."""
    contexts = [sandbox.context_of(sample_values(guest, "en")) for guest in GUESTS]
    try:
        for branch in sandbox.branches(tree):
            for context in contexts:
                with suppress(sandbox.MissingValue):
                    sandbox.fill(branch, context)
    except sandbox.NotOfTheLanguage as error:
        return error
    return None


def exposes(source: Source) -> Problem | None:
    """A subject and a text message may be read by whoever shares the mailbox or the phone.

    Where the message is about a stay it may be what the guest needs at the door: there it is something to look at.
    """
    if not source.is_exposed:
        return None
    read, _ = sandbox.paths(sandbox.parse(source.text))
    if DATE.search(source.text) or read & TELLING:
        return Problem("names a date, which whoever shares the mailbox or phone would read", "date")
    if PRICE.search(source.text):
        return Problem("names a price, which whoever shares the mailbox or phone would read", "price")
    return None


def _unread_marks(text: str) -> sandbox.NotOfTheLanguage | None:
    try:
        read_rich(text, str)
    except sandbox.NotOfTheLanguage as error:
        return error
    return None


def _problems_of_whole(template: Template) -> Iterator[tuple[str, Problem]]:
    everywhere = frozenset[Channel]().union(*template.locales.values())
    for language, locale in template.locales.items():
        if missing := sorted(everywhere - locale.keys()):
            yield f"/locales/{language}", Problem(f"has no {missing[0]}", "no_channel", channel=missing[0])
        elif not locale:
            yield f"/locales/{language}", Problem("has no text", "no_text")
        for channel in sorted(locale):
            place = f"/locales/{language}/{channel}"
            yield from ((place, problem) for problem in _trial(template, language, channel))


def _trial(template: Template, language: str, channel: Channel) -> Iterator[Problem]:
    """The message as sample guests would read it: known title, capitals, Chinese, initial, no name at all."""
    ready = prepared(template, language, channel)
    if template.key == CONFIRMATION and CONFIRM not in ready.required:
        yield Problem(f"has no {CONFIRM}: nobody could confirm", "no_confirm")
        return
    for guest in GUESTS:
        values = sample_values(guest, language)
        try:
            rendered = ready.render(values)
        except GuestloopError as error:
            yield Problem(f"cannot be written for every guest: {error}", "not_for_all")
            return
        if passed := CHANNELS[channel].text.limit_passed(rendered):
            yield passed
            return
