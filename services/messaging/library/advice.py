"""What to look at before a template is published: none of it keeps it from being published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.text import Source
from services.messaging.library.checks import GUESTS, exposes, sample_values
from services.messaging.library.contrast import Faint, faint_letters
from services.messaging.library.documents import Template
from services.messaging.library.needs import values_in
from services.messaging.library.rendering import prepared
from services.messaging.wording import sandbox
from services.messaging.wording.piece import Rendered
from services.messaging.wording.purposes import ABOUT_A_STAY, STAY
from shared.errors import GuestloopError, Problem
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose

CLIPPED, WARNED = 102_400, 100_000  # bytes of HTML: Gmail shows no more than the first, with a link to the rest
MARKS = re.compile(r"\*\*[^*\n]+\*\*|(?m:^\s*[-*] \S)|\[[^\]\n]+\]\([^)\s]+\)|(?m:^#{1,3} \S)")
UNREAD_MARKS = re.compile(r"(?m:^#{1,3} \S)|\\\*\\\*[^*\n]+\\\*\\\*|\\\[[^\]\n]+\\\]\([^)\s]+\)")
"""In a text with marks: a heading, and what was typed as bold or as a link where one writes in words."""
TAGS = re.compile(r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|u|ul)\b[^>]*>", re.IGNORECASE)
SHOUTED = re.compile(r"\b[A-ZÀ-Ý]{4,}(?:\W+[A-ZÀ-Ý]{4,})+\b|!{2,}|[!！]\s*[!！]")
SPAM_WORDS = re.compile(
    r"\b(?:100 ?% free|act now|buy now|click here|free gift|limited time|once in a lifetime|risk[- ]free|winner|"
    r"jetzt kaufen|hier klicken|gratis geschenk|cliquez ici|achetez|gagnant|haga clic|compre ya|ganador|clique aqui|"
    r"compre já|vencedor)\b|免费领取|点击领取|中奖|限时抢购|立即抢购",
    re.IGNORECASE,
)


FORMATTING = ("raw_marks", "raw_html")
"""The codes of what one press makes into formatting."""


def advice(template: Template, colours: Collection[str] = ()) -> dict[str, Problem]:
    """By place, the first thing to look at there. For a template that `check` passes. `colours`: of the hotels in whose
    name it may be sent, beside ours."""
    found: dict[str, Problem] = {}
    for place, source in template.sources():
        for problem in _of_piece(template, source):
            found.setdefault(place, problem)
    read = values_in(template)
    for language, locale in template.locales.items():
        values = sample_values(GUESTS[0], language, read)
        for channel in locale:
            for problem in _of_whole(template, language, channel, values, colours):
                found.setdefault(f"/locales/{language}/{channel}", problem)
    return found


def _of_piece(template: Template, source: Source) -> Iterator[Problem]:
    yield from source.remarks
    if not source.is_source:
        yield from _unread(source)
    if source.is_exposed:
        if template.purpose is Purpose.STAY_SERVICE and (seen := exposes(template, source)):
            yield seen
        if found := SPAM_WORDS.search(source.text):
            yield Problem(f"says «{found[0]}», which filters take for spam", "spam", words=found[0])
        elif SHOUTED.search(source.text):
            yield Problem("shouts, which filters take for spam", "shouted")
    if lacked := _of_a_stay(template, source):
        yield Problem(f"«{lacked}» is only there for guests of a stay", "stay_needed", name=lacked)
    if source.is_alternative and not source.text.strip():
        yield Problem("says nothing of what the picture shows to who does not see it", "no_alt")


def _hard_to_read(faint: Faint) -> Problem:
    ratio = f"{faint.ratio:.1f}"
    text = f"«{faint.words}» has a contrast of {ratio} only"
    if faint.in_the_dark:
        return Problem(f"{text} in the dark", "faint_in_the_dark", words=faint.words, ratio=ratio)
    return Problem(text, "faint", words=faint.words, ratio=ratio)


def _of_a_stay(template: Template, source: Source) -> str | None:
    """A value of the stay that an offer needs, which may go to guests without one."""
    if template.purpose in ABOUT_A_STAY or source.is_conditional:
        return None
    try:
        read, spared = sandbox.paths(sandbox.parse(source.text))
    except sandbox.NotOfTheLanguage:
        return None  # which `check` says
    return next((name for name in sorted(read - spared) if name.startswith(STAY)), None)


def _unread(source: Source) -> Iterator[Problem]:
    if (UNREAD_MARKS if source.has_marks else MARKS).search(source.text):
        yield Problem("holds marks of formatting that guests would read as they stand", "raw_marks")
    elif TAGS.search(source.text):
        yield Problem("holds HTML that guests would read as it stands", "raw_html")


def _of_whole(
    template: Template, language: str, channel: Channel, values: Mapping[str, Any], colours: Collection[str]
) -> Iterator[Problem]:
    try:
        ready = prepared(template, language, channel)
        rendered: Rendered = ready.render(values)
        painted = [ready.render({**values, "sender": {**values["sender"], "colour": one}}) for one in colours]
    except GuestloopError:
        return  # which `check` says
    size = len((rendered.html or "").encode())
    if size > WARNED:
        yield Problem(f"is {size // 1000} kB of HTML; Gmail cuts at {CLIPPED // 1000}", "clipped", size=size // 1000)
    for page in (rendered, *painted):
        for faint in faint_letters(page.html or ""):
            yield _hard_to_read(faint)
    cost = CHANNELS[channel].text.cost(rendered)
    if cost and cost.is_avoidable:
        letters = " ".join(cost.dear)
        yield Problem(f"holds {letters}, which makes each part shorter", "dear_letters", letters=letters)
