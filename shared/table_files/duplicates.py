"""Headings that stand twice: the filled one is meant; where several are filled and differ, it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.table_files.headings import normalised
from shared.table_files.reading import Ambiguity, Record
from shared.vocabulary.file_problem import FileProblem

LONGEST_EXAMPLE = 80


def repeated(header: Sequence[str]) -> list[list[int]]:
    """The places of each heading that stands more than once."""
    places = defaultdict(list)
    for place, name in enumerate(header):
        if normalised(name):
            places[normalised(name)].append(place)
    return [group for group in places.values() if len(group) > 1]


def told_apart(header: Sequence[str], records: Iterable[Record]) -> tuple[list[str], list[Ambiguity]]:
    """The header with «Email», «Email (2)», and what is to be asked. Records are read only where one is repeated."""
    groups = repeated(header)
    if not groups:
        return list(header), []
    seen = _look(groups, records)
    told, asked = list(header), []
    for group in groups:
        filled = [place for place in group if place in seen.examples]
        heading = header[group[0]]
        for count, place in enumerate(filled + [place for place in group if place not in filled], 1):
            told[place] = heading if count == 1 else f"{heading} ({count})"
        alike = not seen.differ.intersection(group)
        if len(filled) > 1 and not alike:
            asked.append(
                Ambiguity(FileProblem.HEADING, heading, {told[place]: seen.examples[place] for place in filled})
            )
    return told, asked


@dataclass
class Seen:
    """Of the columns looked at an example each, and which of them differ in a row. `together`: of each group the
    columns that a row fills."""

    examples: dict[int, str] = field(default_factory=dict)
    together: dict[int, frozenset[int]] = field(default_factory=dict)
    differ: set[int] = field(default_factory=set)


def _look(groups: Sequence[Sequence[int]], records: Iterable[Record]) -> Seen:
    seen = Seen()
    for record in records:
        for group in groups if not record.problem else ():
            texts = {place: text for place in group if (text := record.cells[place].strip())}
            if texts and seen.together.setdefault(group[0], frozenset(texts)) != texts.keys():
                seen.differ.update(group)
            for place, text in texts.items():
                seen.examples.setdefault(place, text[:LONGEST_EXAMPLE])
            if len(set(texts.values())) > 1:
                seen.differ.update(texts)
    return seen
