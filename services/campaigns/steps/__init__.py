"""All kinds of step, each in a module of its own, however many: what a journey does between an entry and its end.

Beside the kinds stand the smaller closed sets of a journey's document: `entries`, `early_exits`, `conditions` and
`events`. Each module holds the dataclasses the rules read and the schema that lets them in; nothing here does I/O.
A new kind is a module here with its line in `KINDS`, and one in `pages.steps` with its template.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.campaigns.steps.branch import Branch
from services.campaigns.steps.exit import Exit
from services.campaigns.steps.jump import Jump
from services.campaigns.steps.kind import Document
from services.campaigns.steps.offer import Offer
from services.campaigns.steps.send import Send
from services.campaigns.steps.split import Split
from services.campaigns.steps.task import Task
from services.campaigns.steps.until_date import UntilDate
from services.campaigns.steps.update import Update
from services.campaigns.steps.wait import Wait
from services.campaigns.steps.wait_for import WaitFor
from services.campaigns.steps.wait_until import WaitUntil
from services.campaigns.steps.webhook import Webhook
from shared.errors import GuestloopError

Step = Send | Wait | WaitUntil | UntilDate | WaitFor | Branch | Split | Offer | Task | Update | Webhook | Jump | Exit
KINDS: Mapping[str, type[Step]] = {
    one.kind: one
    for one in (Send, Wait, WaitUntil, UntilDate, WaitFor, Branch, Split, Offer, Task, Update, Webhook, Jump, Exit)
}


class UnknownStep(GuestloopError):
    """A step of a journey is of no kind that is known."""


OF_ANY_KIND = frozenset({"key", "note"})
"""What a step of a document has beside its kind: `note` is its marketer's own, and nothing follows from it."""


def kind_of(step: Document) -> str:
    kinds = step.keys() - OF_ANY_KIND
    if len(kinds) != 1 or not kinds <= KINDS.keys():
        raise UnknownStep(f"The step «{step.get('key')}» is of no kind that is known: {', '.join(sorted(kinds))}.")
    return str(*kinds)


def step_of(step: Document) -> Step:
    """A validated step of a document as the rules read it."""
    kind = kind_of(step)
    return KINDS[kind].of(step["key"], step[kind])


def document_of(step: Step) -> Document:
    return {"key": step.key, step.kind: step.content}


def changed_ways(step: Document, key: str, to: str | None) -> Document:
    """The step as it stands in a document, with `to` wherever it led to the step `key`."""
    kind = kind_of(step)
    return {**step, kind: KINDS[kind].led_elsewhere(step[kind], key, to)}


def ways_of(step: Document) -> dict[str, str | None]:
    """By the place of each way, the step it leads to."""
    kind = kind_of(step)
    return KINDS[kind].ways_in(step[kind])


def jumps_to(step: Document) -> str | None:
    kind = kind_of(step)
    return KINDS[kind].jumps_to(step[kind])


def segments_in(step: Document) -> tuple[str, ...]:
    kind = kind_of(step)
    return KINDS[kind].segments_in(step[kind])


def offers_in(step: Document) -> tuple[str, ...]:
    kind = kind_of(step)
    return KINDS[kind].offers_in(step[kind])


def templates_in(step: Document) -> tuple[str, ...]:
    kind = kind_of(step)
    return KINDS[kind].templates_in(step[kind])
