"""A guest is given a code, inside the claim of the message that carries it: a refused message takes none.

1. The claim loads what its guests were given before, and locks as many free codes as it may need at most.
2. As the gate lets a message pass, its guest's code is the one they had, else the next of those that are locked.
3. What was taken is written in the claim's transaction; what is left is free again as it ends.

The same guest has the same code in a reminder, and in a message that is sent again. A message that failed keeps its
code for the same guest: it may have been seen on its way, so it is nobody else's any more. Where other claims hold the
last free codes, the message is asked again in a moment: they may give some back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from services.messaging.rules.facts import Request
from services.messaging.rules.offers.codes import compared, make_codes, shown
from services.messaging.rules.offers.offer import Offer
from services.messaging.store.offers import codes as store
from services.messaging.store.offers import offers as offers_store
from services.messaging.store.offers.codes import Free
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of_rows
from shared.events.messaging import OfferGiven
from shared.vocabulary.offer import OfferKind


class Taken(Enum):
    HAS = auto()
    NONE_LEFT = auto()
    ASK_AGAIN = auto()  # other claims hold the last ones


class Giving:
    """The offers and codes of one claim."""

    def __init__(
        self,
        tx: Tx,
        named: Mapping[UUID, str],
        requests: Iterable[Request],
        marks: dict[tuple[str, bool], int] | None = None,
    ) -> None:
        """`named`: by message the key of the offer that its template makes. `marks`: by offer and direction, how far
        its codes were taken as far as this sender knows; a hint, which may be wrong."""
        self._tx, self._named = tx, named
        self._marks = {} if marks is None else marks
        self._offers: dict[str, Offer] = {}
        self._codes: dict[tuple[str, UUID], str] = {}
        self._free: dict[str, list[Free]] = {}
        self._taken: dict[tuple[str, UUID], Request] = {}
        if named:
            self._load([request for request in requests if request.message_id in named])

    def _load(self, requests: Sequence[Request]) -> None:
        self._offers = {kept.key: kept.offer for kept in offers_store.offers(self._tx, set(self._named.values()))}
        pairs = {(self._named[one.message_id], one.guest_id) for one in requests}
        self._codes = store.given(self._tx, sorted(self._offers), sorted({guest for _, guest in pairs}))
        wanting = Counter(offer for offer, guest in pairs if (offer, guest) not in self._codes)
        unique = {key: count for key, count in wanting.items() if self._kind(key) is OfferKind.UNIQUE}
        self._free = store.lock_free(self._tx, unique, self._marks) if unique else {}
        for key, count in wanting.items():
            if self._kind(key) is OfferKind.REFERRAL:
                self._free[key] = [Free(0, code) for code in make_codes(count)]

    def _kind(self, key: str) -> OfferKind | None:
        return self._offers[key].kind if key in self._offers else None

    def offer(self, request: Request) -> Offer | None:
        """The offer that the message makes; None where it makes none, or there is no such."""
        return self._offers.get(self._named.get(request.message_id, ""))

    @property
    def is_needed(self) -> bool:
        """Whether any message makes an offer."""
        return bool(self._named)

    def names_one(self, request: Request) -> bool:
        return request.message_id in self._named

    def take(self, request: Request) -> Taken:
        """The message goes: its guest has a code from now on, the one they had or a new one."""
        offer = self.offer(request)
        assert offer is not None
        pair = (offer.key, request.guest_id)
        if pair in self._codes:
            return Taken.HAS
        if offer.kind is OfferKind.WORD:
            code: str | None = compared(offer.word or "")
        else:
            free = self._free.get(offer.key, [])
            code = self._next(offer.key, free) if free else None
        if code is None:
            others = store.is_any_free(self._tx, offer.key, self._mine(offer.key))
            return Taken.ASK_AGAIN if others else Taken.NONE_LEFT
        self._codes[pair], self._taken[pair] = code, request
        return Taken.HAS

    def _next(self, key: str, free: list[Free]) -> str:
        found = free.pop(0)
        self._marks[key, found.turned] = found.seq
        return found.code

    def _mine(self, key: str) -> list[str]:
        return [self._codes[pair] for pair in self._taken if pair[0] == key]

    def write(self, at: datetime) -> None:
        """What was taken is the guests' now. Publishes offer.given."""
        if not self._taken:
            return
        made: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for pair in self._taken:
            if self._kind(pair[0]) is OfferKind.REFERRAL:
                made[pair[0]].append((self._codes[pair], shown(self._codes[pair])))
        for key in sorted(made):
            added = store.add(self._tx, key, made[key], taken=True)
            assert added == len(made[key]), "chance drew a code that there is"
        ordered = sorted(self._taken)
        columns = {
            "offer": [offer for offer, _ in ordered],
            "guest_id": [guest for _, guest in ordered],
            "code": [self._codes[pair] for pair in ordered],
            "property": [self._taken[pair].property for pair in ordered],
            "message_id": [self._taken[pair].message_id for pair in ordered],
        }
        new = store.take(self._tx, {**columns, "at": at})
        rows = [(guest, offer, 1, self._kind(offer), self._taken[offer, guest].property, at) for offer, guest in new]
        publish(self._tx, chunk_of_rows(OfferGiven, rows), at=at)

    def shown_codes(self) -> dict[tuple[str, UUID], str]:
        """By offer and guest the code as it stands in the message."""
        if not self._codes:
            return {}
        as_shown = store.shown(self._tx, sorted(set(self._codes.values())))
        return {pair: as_shown.get(code, code) for pair, code in self._codes.items()}
