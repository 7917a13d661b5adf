"""How each condition is said: whole clauses about guests, each translated as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from services.segments.rules.language.tree import Op

Words = Any  # a text that is translated when it is shown


@dataclass(frozen=True)
class TextClause:
    """`yes`, `no`: with the values; `known`, `unknown`: whether anything is said."""

    yes: Words
    no: Words
    known: Words
    unknown: Words


@dataclass(frozen=True)
class AmountClause:
    """`amount`: with an amount in words; `none`, `some`: for zero and for more; `unknown`: where it may be missing."""

    amount: Words
    unknown: Words
    none: Words = None
    some: Words = None


TEXTS = {
    "title": TextClause(
        _l("whose title is %(value)s"),
        _l("whose title is not %(value)s"),
        _l("whose title is known"),
        _l("whose title is not known"),
    ),
    "language": TextClause(
        _l("whose language is %(value)s"),
        _l("whose language is not %(value)s"),
        _l("whose language is known"),
        _l("whose language is not known"),
    ),
    "country": TextClause(
        _l("whose country is %(value)s"),
        _l("whose country is not %(value)s"),
        _l("whose country is known"),
        _l("whose country is not known"),
    ),
    "region": TextClause(
        _l("whose region is %(value)s"),
        _l("whose region is not %(value)s"),
        _l("whose region is known"),
        _l("whose region is not known"),
    ),
    "home_property": TextClause(
        _l("whose home hotel is %(value)s"),
        _l("whose home hotel is not %(value)s"),
        _l("who have a home hotel"),
        _l("who have no home hotel"),
    ),
    "tier": TextClause(
        _l("whose tier is %(value)s"),
        _l("whose tier is not %(value)s"),
        _l("who have a tier"),
        _l("who have no tier"),
    ),
    "do_not_contact": TextClause(
        _l("who are on the do-not-contact list: %(value)s"),
        _l("who are on the do-not-contact list, but not: %(value)s"),
        _l("who are on the do-not-contact list"),
        _l("who are not on the do-not-contact list"),
    ),
    "consent": TextClause(
        _l("whose consent to marketing by %(channel)s is %(value)s"),
        _l("whose consent to marketing by %(channel)s is not %(value)s"),
        _l("whose consent to marketing by %(channel)s is recorded"),
        _l("whose consent to marketing by %(channel)s is not recorded"),
    ),
    "last_property": TextClause(
        _l("whose last stay was at %(value)s"),
        _l("whose last stay was not at %(value)s"),
        _l("who have stayed at a hotel of ours"),
        _l("who have never stayed at a hotel of ours"),
    ),
    "last_channel": TextClause(
        _l("who booked their last stay through %(value)s"),
        _l("who did not book their last stay through %(value)s"),
        _l("whose last booking channel is known"),
        _l("whose last booking channel is not known"),
    ),
    "last_room_type": TextClause(
        _l("whose last room was of type %(value)s"),
        _l("whose last room was not of type %(value)s"),
        _l("whose last room type is known"),
        _l("whose last room type is not known"),
    ),
    "last_market_segment": TextClause(
        _l("whose last stay was of market segment %(value)s"),
        _l("whose last stay was not of market segment %(value)s"),
        _l("whose last market segment is known"),
        _l("whose last market segment is not known"),
    ),
}

AMOUNTS = {
    "age": AmountClause(_l("who are %(amount)s old"), _l("whose age is not known")),
    "birthday_in": AmountClause(_l("whose next birthday is in %(amount)s"), _l("whose birthday is not known")),
    "stays": AmountClause(
        _l("who have had %(amount)s"),
        _l("of whom it is not known how often they stayed"),
        _l("who have not stayed yet"),
        _l("who have stayed before"),
    ),
    "nights": AmountClause(
        _l("who have stayed for %(amount)s"),
        _l("of whom it is not known how many nights they stayed"),
    ),
    "spend": AmountClause(_l("who have spent %(amount)s"), _l("of whom it is not known what they spent")),
    "bookings": AmountClause(
        _l("who have %(amount)s ahead"),
        _l("of whom it is not known whether they have booked"),
        _l("who have no future booking"),
        _l("who have a future booking"),
    ),
    "cancellations": AmountClause(
        _l("who have cancelled %(amount)s"),
        _l("of whom it is not known whether they cancelled"),
        _l("who have never cancelled"),
        _l("who have cancelled before"),
    ),
    "no_shows": AmountClause(
        _l("who did not show up for %(amount)s"),
        _l("of whom it is not known whether they showed up"),
        _l("who have always shown up"),
        _l("who once did not show up"),
    ),
    "last_checkout": AmountClause(_l("whose last check-out was %(amount)s ago"), _l("who have never checked out")),
    "next_arrival": AmountClause(_l("whose next arrival is in %(amount)s"), _l("who have no arrival ahead")),
    "lead_days": AmountClause(
        _l("who booked their last stay %(amount)s ahead"), _l("of whose last stay the day of booking is not known")
    ),
    "spend_against_average": AmountClause(
        _l("whose spend a stay is %(amount)s of their hotel's average"),
        _l("whose spend cannot be held against an average"),
    ),
}
KNOWN = {
    "age": _l("whose age is known"),
    "birthday_in": _l("whose birthday is known"),
    "last_checkout": _l("who have checked out before"),
    "next_arrival": _l("who have an arrival ahead"),
    "lead_days": _l("who have stayed before"),
    "spend_against_average": _l("whose spend can be held against an average"),
}
EVERYBODY = _l("of whom anything is known")

OPS = {
    Op.IS: _l("exactly %(quantity)s"),
    Op.IS_NOT: _l("not exactly %(quantity)s"),
    Op.IN: _l("exactly %(quantity)s"),
    Op.NOT_IN: _l("not exactly %(quantity)s"),
    Op.AT_LEAST: _l("at least %(quantity)s"),
    Op.AT_MOST: _l("at most %(quantity)s"),
    Op.MORE_THAN: _l("more than %(quantity)s"),
    Op.LESS_THAN: _l("less than %(quantity)s"),
}

TAGS = {
    (Op.HAS, True): _l("who have the tag %(value)s"),
    (Op.HAS, False): _l("who do not have the tag %(value)s"),
    (Op.HAS_ANY, True): _l("who have one of the tags %(value)s"),
    (Op.HAS_ANY, False): _l("who have none of the tags %(value)s"),
    (Op.HAS_ALL, True): _l("who have all of the tags %(value)s"),
    (Op.HAS_ALL, False): _l("who do not have all of the tags %(value)s"),
}
TRUTHS = {
    ("in_house", True): _l("who are in house"),
    ("in_house", False): _l("who are not in house"),
    ("reachable", True): _l("who can be reached by %(channel)s"),
    ("reachable", False): _l("who cannot be reached by %(channel)s"),
}
CHANNELS = {"email": _l("e-mail"), "sms": _l("SMS")}
CONSENTS = {
    "express": _l("express"),
    "existing_customer": _l("as an existing customer"),
    "unknown": _l("unclear"),
    "never_asked": _l("never asked for"),
    "refused": _l("refused"),
}
REASONS = {
    "deceased": _l("deceased"),
    "asked": _l("asked not to be contacted"),
    "blocked": _l("blocked"),
    "staff": _l("staff"),
    "private": _l("private"),
}
