"""What the editor shows: the draft as it stands, what is wrong with it, and how it differs from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from services.campaigns.commands.drafts import draft_of
from services.campaigns.pages.editor.differences import Difference, differences
from services.campaigns.pages.editor.problems import DraftProblem, by_part, problems_of
from services.campaigns.pages.flow import Node, every_node, flow_of
from services.campaigns.pages.journeys.lines import line_of, lines_of
from services.campaigns.pages.neighbours import Choices
from services.campaigns.pages.sentences.names import Names, of_journeys
from services.campaigns.pages.steps import sentence, with_messages
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.rules.document import offers_named, segments_named, templates_named
from services.campaigns.rules.drafting import marks_of
from services.campaigns.steps.entries import ANY
from services.campaigns.steps.kind import Document
from services.campaigns.steps.own_conditions import is_own
from services.campaigns.steps.send import Send
from services.campaigns.store import draft_history, drafts
from services.campaigns.store.calendars import OWN, names_of
from services.campaigns.store.events_seen import seen_at
from services.campaigns.store.journeys import newest_version
from shared.database.pool import Tx
from shared.web.access_control import me, my_hotels

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class EditorView:
    """`revision` is None where nothing was changed since the last version. `opened`: the part to be shown unfolded.
    `said`: what was just done, in words."""

    key: str
    line: JourneyLine
    draft: Document
    marks: Mapping[str, str]
    revision: int | None
    changed_at: datetime | None
    changed_by: str
    problems: list[DraftProblem]
    wrong: Mapping[str, list[str]]
    flow: list[Node]
    differences: list[Difference]
    published: int | None
    waiting: int
    names: Names
    segments: Pairs
    own_conditions: Mapping[str, str]
    templates: Pairs
    forms: Pairs
    hotels: Pairs
    offers: Pairs
    events: list[str]
    own_days: Pairs
    dates: Pairs
    lunar_dates: frozenset[str]
    journeys: Pairs
    opened: str | None
    undoable: bool
    redoable: bool
    said: str = ""

    def takes(self, step: str) -> int:
        """How many steps stand in its ways."""
        return next((node.takes for node in every_node(self.flow) if node.key == step), 0)

    def later(self, step: str) -> Pairs:
        """The steps that this one may lead to, by their places and what they do."""
        steps = list(enumerate(self.draft["steps"], 1))
        place = next(place for place, one in steps if one["key"] == step)
        return [
            (one["key"], gettext("%(number)d: %(step)s", number=number, step=sentence(one, self.names)))
            for number, one in steps[place:]
        ]

    def other_journeys(self) -> Pairs:
        return [(key, name) for key, name in self.journeys if key != self.key]

    def earlier_messages(self, step: str) -> Pairs:
        """The messages above a step, by their keys and what they say."""
        steps = self.draft["steps"]
        place = next(place for place, one in enumerate(steps) if one["key"] == step)
        return [(one["key"], sentence(one, self.names)) for one in steps[:place] if Send.kind in one]


def editor_view(tx: Tx, key: str, known: Choices, opened: str | None = None) -> EditorView:
    line = line_of(tx, key)
    document, draft, newest = draft_of(tx, key), drafts.find(tx, key), newest_version(tx, key)
    journeys = [(line.key, line.name) for line in lines_of(tx) if line.state != "ended"]
    problems, written = problems_of(document), queries.written_documents(tx)
    return EditorView(
        key=key,
        line=line,
        draft=document,
        marks=marks_of(document),
        revision=draft.revision if draft else None,
        changed_at=draft.changed_at if draft else None,
        changed_by=draft.changed_by if draft else "",
        problems=problems,
        wrong=by_part(problems),
        flow=flow_of(document, {**known.names, **of_journeys(journeys)}),
        differences=differences(newest[1], document, known.names) if newest else [],
        published=newest[0] if newest else None,
        waiting=line.waiting,
        names=with_messages({**known.names, **of_journeys(journeys)}, document["steps"]),
        segments=[
            (segment, name)
            for segment, name in _pairs(known.segments, {one for each in written for one in segments_named(each)})
            if not is_own(segment)
        ],
        own_conditions={segment: name for segment, name in known.segments.items() if is_own(segment)},
        forms=_with_chosen(known.forms, document["entry"].get("signup", ANY)),
        hotels=_with_chosen({one.code: one.name for one in my_hotels()}, document["entry"].get("hotel", ANY)),
        templates=_pairs(known.templates, {template for one in written for template in templates_named(one)}),
        offers=_pairs(known.offers, offers_named(document)),
        own_days=_with_chosen({one: one for one in names_of(tx, OWN)}, _own_day(document)),
        dates=_pairs(known.dates, set()),
        lunar_dates=known.lunar_dates,
        events=seen_at(tx, me().scope),
        journeys=journeys,
        opened=opened,
        undoable=draft_history.last_done(tx, key) is not None,
        redoable=draft_history.last_undone(tx, key) is not None,
    )


def _own_day(document: Document) -> str:
    return str((document["entry"].get("calendar") or {}).get("own") or ANY)


def _with_chosen(named: Mapping[str, str], chosen: str) -> Pairs:
    """What is chosen stays to choose, though nobody answers for it."""
    return _pairs(named, set() if chosen == ANY else {chosen})


def _pairs(named: Mapping[str, str], known: set[str]) -> Pairs:
    found = {key: named.get(key, key) for key in (*named, *known)}
    return sorted(found.items(), key=lambda pair: pair[1].casefold())
