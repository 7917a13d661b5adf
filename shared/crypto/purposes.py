"""What keys are for: the closed register of purposes, and which service holds which.

Each purpose has keys of its own, named `<purpose>.<number>` in a key ring. A service is given the keys of its own
purposes and no other, so what it does not work with it cannot open.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

SEGMENTS, CAMPAIGNS, MESSAGING, FEEDBACK, CONSOLE = "segments", "campaigns", "messaging", "feedback", "console"
ALL = frozenset({SEGMENTS, CAMPAIGNS, MESSAGING, FEEDBACK, CONSOLE})


class Sealing(StrEnum):
    """What a sealed value is. It enters the seal: a value moved to a place of another purpose does not open."""

    CONTACT = "contact"  # a guest's address or number
    NOTE = "note"  # what the house wrote down of a guest
    WORDS = "words"  # what guests wrote in surveys, replies and cases, and what was noted there
    MESSAGE_TEXT = "message_text"  # a message as it was written to one guest
    PROOF = "proof"  # when, where and in which words a consent was given
    ROW = "row"  # a row of an imported file
    GUEST_FILE = "guest_file"  # a service's part of a guest's file
    ACCOUNT = "account"  # a colleague's address
    SECRET = "secret"  # what a colleague's second factor or an identity provider is asked with
    SYSTEM = "system"  # what another system is asked with
    SENDER = "sender"  # what a provider of messages is asked with
    RECEIVER = "receiver"  # what such a provider signs with what guests write
    ANSWER = "answer"  # what a colleague writes to a guest, on its way to them
    NOTICE = "notice"  # whom a notice to a colleague goes to, and what it names; whom a duty list calls


class Indexing(StrEnum):
    """What a value is found again by."""

    POINT = "point"  # a guest's address or number
    NAME = "name"  # a guest's name and birthday
    ACCOUNT_INDEX = "account_index"  # a colleague's address, and where a sign-in came from


class Signing(StrEnum):
    """What is signed."""

    LINKS = "links"  # in messages to guests
    ACCOUNT_LINKS = "account_links"  # by which a colleague chooses a password
    SESSION = "session"
    FORMS = "forms"  # a form comes from a page of ours
    PAGE = "page"  # one service asks another for a page


class Hashing(StrEnum):
    """What outlives a guest. These keys are succeeded and never retired: what was erased is known by them alone."""

    ERASURE = "erasure"


KeyPurpose = Sealing | Indexing | Signing | Hashing
IN_THE_RING: tuple[KeyPurpose, ...] = (*Sealing, *Indexing, *Signing)
PURPOSES: tuple[KeyPurpose, ...] = (*IN_THE_RING, *Hashing)
"""The keys of `Hashing` are kept apart from those of the ring: they must outlive every backup."""

KINDS: Mapping[str, Indexing] = {
    "email": Indexing.POINT,
    "sms": Indexing.POINT,
    "email_part": Indexing.POINT,
    "sms_part": Indexing.POINT,
    "name_birth": Indexing.NAME,
    "account": Indexing.ACCOUNT_INDEX,
    "address": Indexing.ACCOUNT_INDEX,
    "subject": Indexing.ACCOUNT_INDEX,
}
"""The kinds of values that have a blind index, and by whose key."""

HELD_BY: Mapping[KeyPurpose, frozenset[str]] = {
    Sealing.CONTACT: frozenset({SEGMENTS, MESSAGING}),
    Sealing.NOTE: frozenset({SEGMENTS}),
    Sealing.WORDS: frozenset({FEEDBACK}),
    Sealing.MESSAGE_TEXT: frozenset({MESSAGING}),
    Sealing.PROOF: frozenset({MESSAGING}),
    Sealing.ROW: frozenset({SEGMENTS}),
    Sealing.GUEST_FILE: ALL,
    Sealing.ACCOUNT: frozenset({CONSOLE}),
    Sealing.SECRET: frozenset({CONSOLE}),
    Sealing.SYSTEM: frozenset({SEGMENTS}),
    Sealing.SENDER: frozenset({MESSAGING}),
    Sealing.RECEIVER: frozenset({MESSAGING, FEEDBACK}),
    Sealing.ANSWER: frozenset({MESSAGING, FEEDBACK}),
    Sealing.NOTICE: frozenset({CONSOLE, MESSAGING, FEEDBACK}),
    Indexing.POINT: frozenset({SEGMENTS, MESSAGING, FEEDBACK}),
    Indexing.NAME: frozenset({SEGMENTS}),
    Indexing.ACCOUNT_INDEX: frozenset({CONSOLE}),
    Signing.LINKS: frozenset({MESSAGING, FEEDBACK}),
    Signing.ACCOUNT_LINKS: frozenset({CONSOLE, MESSAGING}),
    Signing.SESSION: ALL,
    Signing.FORMS: ALL,
    Signing.PAGE: ALL,
    Hashing.ERASURE: frozenset({SEGMENTS, MESSAGING, FEEDBACK}),
}


def purposes_of(service: str) -> frozenset[KeyPurpose]:
    """What a service works with."""
    return frozenset(purpose for purpose, services in HELD_BY.items() if service in services)
