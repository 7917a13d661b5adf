"""An offer is a draft as long as one likes; once live it is what guests were promised, and only ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.messaging.commands.templates.drafts import key_for
from services.messaging.rules.offers.codes import compared, is_code
from services.messaging.rules.pictures import shown_in
from services.messaging.store.offers import codes, offers
from services.messaging.store.offers.offers import Kept
from services.messaging.store.templates import pictures
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.vocabulary.offer import OfferKind

Document = Mapping[str, Any]


def start_offer(tx: Tx, kind: OfferKind, document: Document, *, by: Person, at: datetime) -> str:
    """A new offer as a draft; its key is made of its name."""
    key = key_for(next(iter(document["name"].values())))
    if not key:
        raise InputError(None, {"name": Problem("has no letter or figure a key could be made of", "no_key")})
    _hold_logo(tx, document)
    if not offers.begin(tx, key, kind, document, by=by.name, at=at):
        raise InputError(None, {"name": Problem("is taken: another offer is called so", "taken")})
    record(tx, by, "offer.begun", f"offer {key}", {}, at)
    return key


def save_offer(tx: Tx, found: Kept, kind: OfferKind, document: Document, *, by: Person, at: datetime) -> None:
    """Raises `Conflict` where somebody saved it since, or made it live."""
    _hold_logo(tx, document)
    if not offers.save(tx, found.key, kind, document, found.version, by=by.name, at=at):
        raise Conflict()


def _hold_logo(tx: Tx, document: Document) -> None:
    """It cannot be deleted meanwhile."""
    wanted = shown_in(document.get("logo") or "")
    if wanted != pictures.known(tx, wanted):
        raise InputError(None, {"logo": Problem("is not in the library of pictures", "no_picture")})


def go_live(tx: Tx, key: str, *, by: Person, at: datetime) -> None:
    """From now on templates may make it, and its codes are used. `InputError` names what is missing."""
    found = offers.offer(tx, key, lock=True)
    if found is None or not offers.go_live(tx, key, by=by.name, at=at):
        raise Conflict()
    if found.offer.kind is OfferKind.WORD:
        _keep_word(tx, key, found.offer.word or "")
    record(tx, by, "offer.live", f"offer {key}", {"kind": found.kind}, at)


def _keep_word(tx: Tx, key: str, word: str) -> None:
    if not is_code(word):
        raise InputError(None, {"word": Problem("is no word that guests can say at the desk", "no_word")})
    if not codes.add(tx, key, [(compared(word), word.strip())], taken=True):
        other = codes.is_known(tx, compared(word))
        raise InputError(None, {"word": Problem(f"is the code of another offer, «{other}»", "word_taken", offer=other)})


def stop_offer(tx: Tx, key: str, *, by: Person, at: datetime) -> None:
    """No message makes it any more; a code that somebody was given is honoured until the offer's last day."""
    if not offers.stop(tx, key, by=by.name, at=at):
        raise Conflict()
    record(tx, by, "offer.stopped", f"offer {key}", {}, at)
