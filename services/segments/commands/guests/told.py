"""What is known of guests of whom a program tells, loaded at once for those whom nothing links.

No two of a wave share an address, a number, a name with its birth date, or their words, so that none changes what
becomes of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from services.segments.commands.guests.make import NewGuest
from services.segments.rules.people.contact_points import Point, identifies
from services.segments.rules.people.guests import Guest
from services.segments.rules.people.identity import Key, Match, Sought, name_birth_of, resolve
from services.segments.rules.people.names import Name
from services.segments.store.guests.guests import load_guests, of_hotels
from services.segments.store.guests.points import KnownPoint, load_keys, load_points
from services.segments.store.guests.removed_points import load_removed
from services.segments.store.guests.tombstones import standing_as
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.couples import names_two


@dataclass(frozen=True)
class Told:
    """A guest as told of, with the indexes by which they may be known: of each point, and of name and birth date."""

    new: NewGuest
    points: Sequence[tuple[Point, Sequence[str]]]
    births: Sequence[str]

    @cached_property
    def indexes(self) -> frozenset[str]:
        return frozenset(index for _, indexes in self.points for index in indexes)

    @property
    def keys(self) -> set[str]:
        return {*self.indexes, *self.births, str(self.new.guest_id)}


def indexed(tx: Tx, new: NewGuest) -> Told:
    values = new.values
    born = name_birth_of(values["given_name"], values["family_name"], values["birth_date"])
    # an address counts before a number
    points = sorted(new.points, key=lambda point: point.channel != Channel.EMAIL)
    found = [(point, tx.keyring.indexes(point.channel, point.address)) for point in points]
    return Told(new, found, tx.keyring.indexes("name_birth", born) if born else ())


def waves(told: Iterable[Told]) -> Iterator[list[Told]]:
    """In their order."""
    wave: list[Told] = []
    keys: set[str] = set()
    for one in told:
        if not keys.isdisjoint(one.keys):
            yield wave
            wave, keys = [], set()
        wave.append(one)
        keys |= one.keys
    if wave:
        yield wave


@dataclass(frozen=True)
class Known:
    """`standing`: by the number of who is told of, who has it now. `guests`: who may be one of them. `seen`: those of
    the program's hotels.
    """

    standing: Mapping[UUID, UUID]
    points: Mapping[str, KnownPoint]
    removed: Mapping[str, set[UUID]]
    births: Mapping[str, set[UUID]]
    guests: Mapping[UUID, Guest]
    seen: Collection[UUID]

    def match(self, told: Told) -> Match:
        """Who it is, also a guest of other hotels whom people made one with them."""
        if standing := self.standing.get(told.new.guest_id):
            return Match(standing, None)
        values = told.new.values
        given, family = values["given_name"], values["family_name"]
        sought = Sought(Name(given, family), values["birth_date"], names_two(given, family, values["title"]))
        offers = [(key, [id for id in ids if id in self.guests and id in self.seen]) for key, ids in self.offers(told)]
        return resolve(sought, offers, self.guests)

    def offers(self, told: Told) -> Iterator[tuple[Key, set[UUID]]]:
        """Who has each key, the strongest first; an address that was taken from a guest still finds them."""
        for point, indexes in told.points:
            theirs = [known for index in indexes if (known := self.points.get(index))]
            owners = [one.guests for one in theirs if point.identifies and identifies(one.kind, one.fault)]
            without = [self.removed[index] for index in indexes if index in self.removed]
            yield Key.EMAIL if point.channel == Channel.EMAIL else Key.PHONE, set[UUID]().union(*owners, *without)
        if told.births:
            yield Key.NAME_BIRTH, set[UUID]().union(*(self.births.get(index, set()) for index in told.births))


def known_of(tx: Tx, wave: Sequence[Told], scope: Scope) -> tuple[list[Told], Known]:
    """The wave, those who were erased since under another number, and what is known of it; the guests are locked."""
    wave, standing = _standing(tx, wave)
    indexes = frozenset[str]().union(*(one.indexes for one in wave))
    points, removed = load_points(tx, indexes), load_removed(tx, indexes)
    births = load_keys(tx, frozenset(index for one in wave for index in one.births))
    known = Known(standing, points, removed, births, {}, ())
    offered = (ids for one in wave for _, ids in known.offers(one))
    guests = load_guests(tx, {*standing.values(), *set[UUID]().union(*offered)})
    seen = guests.keys() if scope.everywhere else of_hotels(tx, guests, scope)
    return wave, replace(known, guests=guests, seen=seen)


def _standing(tx: Tx, wave: Sequence[Told]) -> tuple[list[Told], dict[UUID, UUID]]:
    """A guest who was made by the same words and erased since is not made again under their number."""
    wave, found = list(wave), dict[UUID, UUID]()
    left = list(range(len(wave)))
    while left:
        now = standing_as(tx, [wave[place].new.guest_id for place in left])
        erased = []
        for place in left:
            new = wave[place].new
            if (standing := now.get(new.guest_id)) is None:
                continue
            if standing.is_erased:
                again = replace(new, key=make_id("guest", new.guest_id, "again"))
                wave[place] = replace(wave[place], new=again)
                erased.append(place)
            else:
                found[new.guest_id] = standing.guest_id
        left = erased
    return wave, found
