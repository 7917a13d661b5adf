"""The editor's desk: the draft as it stands, what is wrong with it, and how it differs from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.campaigns.commands.drafts import draft_of
from services.campaigns.pages.differences import Difference, differences
from services.campaigns.pages.elsewhere import Choices
from services.campaigns.pages.flow import Node, flow_of
from services.campaigns.pages.journeys import line_of
from services.campaigns.pages.problems import Problem, by_part, problems_of
from services.campaigns.queries import journeys as queries
from services.campaigns.rules.document import Document
from services.campaigns.rules.drafting import marks_of
from services.campaigns.store import drafts
from services.campaigns.store.journeys import newest_version
from shared.database.pool import Tx

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Desk:
    """`revision` is None where nothing was changed since the last version. `opened`: the part to be shown unfolded."""

    key: str
    line: queries.Line
    draft: Document
    marks: Mapping[str, str]
    revision: int | None
    changed_at: datetime | None
    changed_by: str
    problems: list[Problem]
    wrong: Mapping[str, list[str]]
    flow: list[Node]
    differences: list[Difference]
    published: int | None
    waiting: int
    names: Mapping[str, str]
    segments: Pairs
    templates: Pairs
    opened: str | None

    def later(self, step: str) -> Pairs:
        """The steps a fork may lead to, after this one."""
        keys = [one["key"] for one in self.draft["steps"]]
        return [(key, key) for key in keys[keys.index(step) + 1 :]]


def desk_of(tx: Tx, key: str, known: Choices, opened: str | None = None) -> Desk:
    line = line_of(tx, key)
    document, draft, newest = draft_of(tx, key), drafts.find(tx, key), newest_version(tx, key)
    problems = problems_of(document)
    return Desk(
        key=key,
        line=line,
        draft=document,
        marks=marks_of(document),
        revision=draft.revision if draft else None,
        changed_at=draft.changed_at if draft else None,
        changed_by=draft.changed_by if draft else "",
        problems=problems,
        wrong=by_part(problems),
        flow=flow_of(document, known.names),
        differences=differences(newest[1], document, known.names) if newest else [],
        published=newest[0] if newest else None,
        waiting=line.waiting,
        names=known.names,
        segments=_pairs(known.segments, queries.known_segments(tx)),
        templates=_pairs(known.templates, queries.known_templates(tx)),
        opened=opened,
    )


def _pairs(named: Mapping[str, str], known: list[str]) -> Pairs:
    found = {key: named.get(key, key) for key in (*named, *known)}
    return sorted(found.items(), key=lambda pair: pair[1].casefold())
