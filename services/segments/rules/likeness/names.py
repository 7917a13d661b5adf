"""How two written names stand to each other, beyond being compatible."""

from __future__ import annotations

from functools import lru_cache

from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.likeness.spelling import is_han, is_latin, latin, simplified, sound
from services.segments.rules.people.names import Name, Parts, compatible, is_initial, parts_of, same_words
from shared.rows import row

ONE_SLIP_FROM, TWO_SLIPS_FROM = 4, 8  # letters of a word
GENDERED = frozenset({"", "a", "e", "o"})


@row
class Spelt:
    """A name in Latin letters as it sounds. `wholes`: all letters, in both orders."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    wholes: frozenset[str]


def compare(one: Name, other: Name) -> Reason:
    """The strongest that two names have in common."""
    a, b = parts_of(one), parts_of(other)
    if not a.all or not b.all:
        return Reason.NO_NAME
    if compatible(one, other):
        return Reason.SAME_NAME if a.joined & b.joined or same_words(a, b) else Reason.SHORTER_NAME
    return _spelt_otherwise(a, b) or _other_name(a, b)


def may_be_a_slip(one: Name, other: Name) -> bool:
    """Whether two names may be alike, at a glance: they share a word or all initials, or are of different scripts."""
    a, b = parts_of(one), parts_of(other)
    if a.initials == b.initials or any(word in b.all for word in a.all):
        return True
    return not (is_latin(a.initials) and is_latin(b.initials))


def _spelt_otherwise(a: Parts, b: Parts) -> Reason | None:
    in_latin = is_latin("".join(a.all)), is_latin("".join(b.all))
    if not all(in_latin):
        return _in_another_script(a, b, in_latin[0] == in_latin[1])
    x, y = spelt(a), spelt(b)
    if x.wholes & y.wholes or sorted(x.given + x.family) == sorted(y.given + y.family):
        return Reason.SPELLING
    return Reason.TYPO if _is_typo(x, y) else None


def _in_another_script(a: Parts, b: Parts, one_script: bool) -> Reason | None:
    if {simplified(whole) for whole in a.joined} & {simplified(whole) for whole in b.joined}:
        return Reason.OTHER_SCRIPT
    x, y = spelt(a), spelt(b)
    alike = x.wholes & y.wholes or any(_slips(p, q) for p in x.wholes for q in y.wholes)
    if not alike:
        return None
    if one_script:
        return Reason.SAME_SOUND if is_han("".join(a.all)) else Reason.TYPO
    return Reason.OTHER_SCRIPT


@lru_cache(maxsize=20_000)
def spelt(parts: Parts) -> Spelt:
    # Where all of a Han name stands in one column, the family name comes first.
    bare = not (parts.given and parts.family)
    given = _sounds(parts.given, is_family_name=bare)
    family = _sounds(parts.family, is_family_name=True)
    ahead, behind = "".join(given), "".join(family)
    return Spelt(given, family, frozenset((sound(ahead + behind), sound(behind + ahead))))


def _sounds(words: tuple[str, ...], *, is_family_name: bool) -> tuple[str, ...]:
    return tuple(sound(part) for word in words for part in latin(word, is_family_name=is_family_name))


def _is_typo(a: Spelt, b: Spelt) -> bool:
    """Each word is the other's, or misses it by a letter or two; at least one is the same or the name is long."""
    straight = _words_slip(a.given, b.given, gendered=True) and _words_slip(a.family, b.family, gendered=False)
    crossed = _words_slip(a.given, b.family, gendered=True) and _words_slip(a.family, b.given, gendered=True)
    return straight or crossed


def _words_slip(some: tuple[str, ...], others: tuple[str, ...], *, gendered: bool) -> bool:
    if len(some) != len(others):
        return _slips("".join(some), "".join(others))
    return all(
        one == other or (_slips(one, other) and not (gendered and _are_two_sexes(one, other)))
        for one, other in zip(some, others, strict=True)
    )


def _are_two_sexes(one: str, other: str) -> bool:
    """Mario is not Maria, nor Gabriel Gabriela: they differ in an ending alone."""
    stem = len(min((one, other), key=len)) - (1 if len(one) == len(other) else 0)
    return one[:stem] == other[:stem] and {one[stem:], other[stem:]} <= GENDERED


def _slips(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    if shorter < ONE_SLIP_FROM:
        return False
    return distance_within(one, other, 2 if shorter >= TWO_SLIPS_FROM else 1)


def distance_within(one: str, other: str, most: int) -> bool:
    """Whether at most so many letters are wrong, missing, too many or swapped with their neighbour."""
    if abs(len(one) - len(other)) > most:
        return False
    one, other = _where_they_differ(one, other)
    if max(len(one), len(other)) <= most:
        return True
    if most == 1:
        return len(one) == len(other) == 2 and one == other[::-1]
    before: list[int] = []
    line = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, line = before, line, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, line[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return False
    return line[-1] <= most


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with in common."""
    shorter = min(len(one), len(other))
    first = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    rest = shorter - first
    last = next((place for place in range(rest) if one[-1 - place] != other[-1 - place]), rest)
    return one[first : len(one) - last], other[first : len(other) - last]


def _other_name(a: Parts, b: Parts) -> Reason:
    x, y = spelt(a), spelt(b)
    if not (x.given and x.family and y.given and y.family):
        return Reason.OTHER_NAME
    if x.given == y.given and not any(map(is_initial, a.given)):
        return Reason.OTHER_FAMILY_NAME
    return Reason.OTHER_GIVEN_NAME if set(x.family) & set(y.family) else Reason.OTHER_NAME
