"""What an offer is: how its code reaches guests, what it is worth, how it stands, and how a use of it became known."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class OfferKind(Term):
    """How an offer is claimed."""

    WORD = "word", N_("one word for all")
    UNIQUE = "unique", N_("a code for each guest")
    REFERRAL = "referral", N_("a code for a guest's friends")


class WorthKind(Term):
    PERCENT = "percent", N_("per cent")
    AMOUNT = "amount", N_("an amount")
    GIFT = "gift", N_("a gift, in words")


class OfferState(Term):
    DRAFT = "draft", N_("draft"), "plain", "pencil"
    LIVE = "live", N_("live"), "good", "play"
    STOPPED = "stopped", N_("stopped"), "plain", "stop"


class RedeemedBy(Term):
    """How it became known that a code was used."""

    DESK = "desk", N_("at the desk")
    FILE = "file", N_("by a file")
    API = "api", N_("by a program")


class CodeRefusal(Term):
    """Why a code is not redeemed. A label is a clause about the code."""

    NO_CODE = "no_code", N_("there is no such code")
    MISTYPED = "mistyped", N_("a letter of it is wrong")
    NOT_LIVE = "not_live", N_("its offer is not live")
    NOT_YET = "not_yet", N_("its offer has not begun")
    EXPIRED = "expired", N_("its offer has ended")
    OTHER_HOTEL = "other_hotel", N_("its offer is not of this hotel")
    USED = "used", N_("it was used already")
    USED_UP = "used_up", N_("it was used as often as it may be")
    OWN = "own", N_("it is for friends, and this is the guest's own stay")
    NOT_GIVEN = "not_given", N_("it was given to no guest yet")


CODE_LETTERS = 40
"""The most letters a code has."""
