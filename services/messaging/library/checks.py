"""What must hold before a template is published: each piece is sound, and each guest would read a whole message."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from typing import Any

from jinja2.nodes import Template as Tree

from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.text import Source, Written
from services.messaging.library.documents import Template
from services.messaging.library.needs import values_in
from services.messaging.library.offers import TO_CHOOSE
from services.messaging.library.rendering import prepared
from services.messaging.rules.confirmations import TEMPLATE as CONFIRMATION
from services.messaging.rules.links.targets import problem_of
from services.messaging.wording import sandbox
from services.messaging.wording.links import as_long
from services.messaging.wording.message_values import message_values
from services.messaging.wording.names import Person
from services.messaging.wording.own_dates import key_of, keys_in
from services.messaging.wording.purposes import is_given
from services.messaging.wording.rich import read_rich
from services.messaging.wording.values import (
    KNOWN,
    OFFER,
    Hotel,
    Identity,
    Links,
    OfferWords,
    Profile,
    StaySaid,
)
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
HOTEL = Hotel(
    "Hotel Example by the River",
    "+44 20 7946 0000",
    "example",
    "1 Example Street, Exampleton",
    "+44 20 7946 0000",
    "https://maps.hotel.example/river",
    "https://book.hotel.example/?from={arrival}&to={departure}&code={code}&lang={language}",
)
STAY = StaySaid(HOTEL.name, HOTEL.code, date(2027, 3, 5), date(2027, 3, 8), "10023", "Superior double", 2, "15:00")
PROFILE = Profile("Gold", 12_500, date(1980, 6, 13))
OWN_DAY = "2027-06-14"  # of each date of the house's own that a trial reads
CONFIRM = "links.confirm"
TELLING = frozenset(
    name
    for name in KNOWN
    if name == "guest.birthday" or (name.startswith(("stay.", "last_stay.")) and not name.endswith(".hotel"))
)
OFFER_WORDS = OfferWords(
    "Winter by the river", "15%", "Once a stay, at the desk.", "31 December 2026", "WWWW-WWWW-WWWW"
)
ORIGIN = "https://go.hotel.example"  # of the addresses in trials
LINKS = Links(**{field.name: f"{ORIGIN}/{field.name}/{'x' * 50}" for field in fields(Links)})


def check(template: Template, own: Collection[str] = (), dates: Collection[str] | None = None) -> None:
    """InputError names every place that must be mended before this can be published. `own`: origins of this
    installation, most of whose pages are not for guests. `dates`: the house's own dates; None where nobody said."""
    pieces = {
        **dict(_problems_of_links(template, own)),
        **dict(_lacking(template)),
        **dict(_problems_of_pieces(template, dates)),
    }
    problems = pieces or dict(_problems_of_whole(template))
    if problems:
        raise InputError(f"«{template.key}» cannot be published yet", problems)


def not_live(offer: str) -> Problem:
    if offer == TO_CHOOSE:
        return Problem("the offer is not chosen yet", "offer_to_choose")
    return Problem(f"«{offer}» is no offer that is live", "offer_not_live", name=offer)


def _problems_of_pieces(template: Template, dates: Collection[str] | None) -> Iterator[tuple[str, Problem]]:
    for place, source in template.sources():
        try:
            tree = sandbox.parse(source.text)
            read, spared = sandbox.paths(tree)
        except sandbox.NotOfTheLanguage as error:
            yield place, error.problem
            continue
        known = known_to(template.key, template.offer)
        if template.offer is None and (lacking := sorted(name for name in read if name.startswith(OFFER))):
            yield place, Problem(f"«{lacking[0]}» needs an offer, and none is named", "no_offer", name=lacking[0])
        elif unknown := sorted(name for name in read.difference(known) if not _is_own_date(name, dates)):
            text = f"there is no value «{unknown[0]}»; there are {', '.join(known)}"
            yield place, Problem(text, "no_value", name=unknown[0])
        elif lost := sorted(name for name in read - spared if not is_given(name, template.purpose)):
            text = f"no guest of such a text has «{lost[0]}»: it would never be sent"
            yield place, Problem(text, "never_given", name=lost[0])
        elif broken := _broken_branch(tree):
            yield place, broken.problem
        elif template.purpose is not Purpose.STAY_SERVICE and (seen := exposes(template, source)):
            yield place, seen
        elif source.has_marks and (unread := _unread_marks(source.text)):
            yield place, unread.problem
        elif source.faults:
            yield place, source.faults[0]
        if template.purpose is Purpose.FEEDBACK and (template.offer or PRICE.search(source.text)):
            yield place, Problem("a question about a stay carries no offer", "offer")


def known_to(key: str, offer: str | None) -> list[str]:
    """The values that a text may read: only the one that asks for a confirmation has its link, and only one that names
    an offer what is the offer's."""
    return [
        name
        for name in KNOWN
        if (name != CONFIRM or key == CONFIRMATION) and (offer is not None or not name.startswith(OFFER))
    ]


def _is_own_date(name: str, dates: Collection[str] | None) -> bool:
    key = key_of(name)
    return key is not None and (dates is None or key in dates)


def sample_profile(read: Iterable[str]) -> Profile:
    """With a day of each of the house's own dates among the values that are read."""
    return replace(PROFILE, own_dates=dict.fromkeys(keys_in(read), OWN_DAY))


def sample_values(guest: Person, language: str, read: Iterable[str] = ()) -> Mapping[str, Any]:
    """`read`: the values that a text reads."""
    return message_values(
        guest,
        language,
        sender=SENDER,
        hotel=HOTEL,
        links=LINKS,
        offer=OFFER_WORDS,
        stay=STAY,
        last_stay=STAY,
        profile=sample_profile(read),
        journey="News",
    )


def _problems_of_links(template: Template, own: Collection[str]) -> Iterator[tuple[str, Problem]]:
    """Nobody outside is asked: how an address is written, and whether guests can open it, where it is ours."""
    for language, channel, _, link in template.links():
        if problem := problem_of(link.target, own):
            yield f"/locales/{language}/{channel}{link.place}", problem


def _lacking(template: Template) -> Iterator[tuple[str, Problem]]:
    for language, locale in template.locales.items():
        for channel, written in locale.items():
            for place, problem in written.lacking(template.purpose):
                yield f"/locales/{language}/{channel}{place}", problem


def _broken_branch(tree: Tree) -> sandbox.NotOfTheLanguage | None:
    """What goes wrong on a way that no trial guest may take; that a value is missing there is what its `if` is for."""
    read, _ = sandbox.paths(tree)
    contexts = [sandbox.context_of(sample_values(guest, "en", read)) for guest in GUESTS]
    try:
        for branch in sandbox.branches(tree):
            for context in contexts:
                with suppress(sandbox.MissingValue):
                    sandbox.fill(branch, context)
    except sandbox.NotOfTheLanguage as error:
        return error
    return None


def exposes(template: Template, source: Source) -> Problem | None:
    """A subject and a text message may be read by whoever shares the mailbox or the phone.

    Where the message is about a stay it may be what the guest needs at the door: there it is something to look at. The
    terms of an offer are the offer's own, in a text that names one.
    """
    if not source.is_exposed:
        return None
    read, _ = sandbox.paths(sandbox.parse(source.text))
    if read & TELLING or keys_in(read):
        return Problem("tells of a stay, which whoever shares the mailbox or phone would read", "telling")
    if template.offer:
        return None
    if DATE.search(source.text):
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
    everywhere = frozenset(channel for channel, written in _written(template) if not written.awaits_approval)
    read = values_in(template)
    for language, locale in template.locales.items():
        if missing := sorted(everywhere - locale.keys()):
            yield f"/locales/{language}", Problem(f"has no {missing[0]}", "no_channel", channel=missing[0])
        elif not locale:
            yield f"/locales/{language}", Problem("has no text", "no_text")
        for channel in sorted(locale):
            place = f"/locales/{language}/{channel}"
            yield from ((place, problem) for problem in _trial(template, language, channel, read))


def _written(template: Template) -> Iterator[tuple[Channel, Written]]:
    for locale in template.locales.values():
        yield from locale.items()


def _trial(template: Template, language: str, channel: Channel, read: Collection[str]) -> Iterator[Problem]:
    """The message as sample guests would read it: known title, capitals, Chinese, initial, no name at all. `read`: the
    values that the texts of the template read."""
    ready = prepared(template, language, channel)
    if template.key == CONFIRMATION and CONFIRM not in ready.required:
        yield Problem(f"has no {CONFIRM}: nobody could confirm", "no_confirm")
        return
    for guest in GUESTS:
        values = sample_values(guest, language, read)
        try:
            rendered = ready.render(values, tracked=as_long(ORIGIN))
        except GuestloopError as error:
            yield Problem(f"cannot be written for every guest: {error}", "not_for_all")
            return
        if passed := CHANNELS[channel].text.limit_passed(rendered):
            yield passed
            return
