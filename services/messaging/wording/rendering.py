"""From a template and a guest's values to the message as it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

from jinja2 import Template as Compiled
from jinja2.runtime import Context

from services.messaging.wording import framing, sandbox
from services.messaging.wording.documents import Button, Channel, Mail, Template, Text
from services.messaging.wording.languages import choose_language
from services.messaging.wording.printing import Printed, Rendered, gap
from shared.errors import NotFound
from shared.vocabulary.purpose import Purpose

Values = Mapping[str, Any]
Tidy = Callable[[str], str]

OF_THE_HOUSE = ("sender", "property")  # the values that all guests of a house share
MOST_PRINTED = 1_000


class Piece:
    """One source, compiled; what has nothing to fill in is kept as it is."""

    def __init__(self, source: str) -> None:
        tree = sandbox.parse(source)
        read, spared = sandbox.paths(tree)
        self.required = read - spared
        self.is_of_the_house = all(path.partition(".")[0] in OF_THE_HOUSE for path in read)
        self._fixed = source if not read and "{" not in source else None
        self._compiled: Compiled | None = None if self._fixed is not None else sandbox.compiled(source)

    def fill(self, context: Context) -> str:
        if self._compiled is None:
            return self._fixed or ""
        return sandbox.fill(self._compiled, context)


class Ready(Protocol):
    """A template in one language on one channel, compiled."""

    @property
    def required(self) -> frozenset[str]: ...

    def render(self, values: Values, label: str) -> Rendered: ...


class ReadyMail:
    def __init__(self, mail: Mail, language: str, purpose: Purpose) -> None:
        frame = framing.mail_frame(language, purpose)
        self._language = language
        self._parts: list[tuple[Piece, Tidy]] = [
            (Piece(mail.subject), sandbox.one_line),
            (Piece(mail.preview), sandbox.one_line),
            (Piece(framing.BRAND), sandbox.one_line),
            (Piece(framing.IMPRINT), sandbox.one_line),
            (Piece(frame.reason), str),
            (Piece(frame.way_out), str),
            (Piece("{{ " + framing.WAY_OUT + " }}" if frame.way_out else ""), str),
        ]
        for words, link in map(_block, mail.body):
            self._parts += [(words, sandbox.printable), (link, str)]
        self._own = [place for place, (piece, _) in enumerate(self._parts) if not piece.is_of_the_house]
        self._printed: dict[tuple[Any, ...], Printed] = {}

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset().union(*(piece.required for piece, _ in self._parts))

    def render(self, values: Values, label: str) -> Rendered:
        context = sandbox.context_of(values)
        own = {place: self._fill(place, context) for place in self._own}
        if not all(own.values()):  # what is empty changes the layout around it
            return self._composed(context, label, own)
        house = (label, *(item for part in OF_THE_HOUSE for item in values[part].items()))
        if house not in self._printed:
            if len(self._printed) >= MOST_PRINTED:
                self._printed.clear()
            self._printed[house] = Printed(self._composed(context, label, {place: gap(place) for place in own}))
        return self._printed[house].filled(own)

    def _fill(self, place: int, context: Context) -> str:
        piece, tidy = self._parts[place]
        return tidy(piece.fill(context))

    def _composed(self, context: Context, label: str, own: Mapping[int, str]) -> Rendered:
        texts = [own[place] if place in own else self._fill(place, context) for place in range(len(self._parts))]
        subject, preview, brand, imprint, reason, way_out, unsubscribe, *body = texts
        blocks = list(zip(body[::2], body[1::2], strict=True))
        around = {"reason": reason, "way_out": way_out, "unsubscribe": unsubscribe, "imprint": imprint}
        subject = label + subject
        html = framing.as_html(blocks, language=self._language, subject=subject, preview=preview, brand=brand, **around)
        return Rendered(subject, framing.as_text(blocks, **around), html)


class ReadyText:
    def __init__(self, text: Text, language: str, purpose: Purpose) -> None:
        frame = framing.text_frame(language, purpose)
        self._whole = Piece(frame.opening + " ".join(text.text.split()) + frame.ending)

    @property
    def required(self) -> frozenset[str]:
        return self._whole.required

    def render(self, values: Values, label: str) -> Rendered:
        return Rendered("", sandbox.one_line(self._whole.fill(sandbox.context_of(values))), None)


class Library:
    """The newest version of every template, compiled when first used. It never changes; publishing makes a new one."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._templates = {template.key: template for template in templates}
        self._ready: dict[tuple[str, str, str], Ready] = {}

    def template(self, key: str) -> Template:
        if key not in self._templates:
            raise NotFound(f"there is no template «{key}»")
        return self._templates[key]

    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self._templates))

    def version(self, key: str) -> int:
        return self.template(key).version

    def languages(self, key: str) -> tuple[str, ...]:
        return tuple(sorted(self.template(key).locales))

    def channels(self, key: str) -> frozenset[str]:
        """The same in every language (a template where they differ is not published)."""
        return next(iter(self.template(key).locales.values())).channels()

    def choose_language(self, key: str, wanted: str) -> str:
        return choose_language(self.template(key).locales, wanted)

    def required_values(self, key: str, language: str, channel: str) -> frozenset[str]:
        """The dotted paths without which this text is not complete, the frame's among them."""
        return self._prepared(key, language, channel).required

    def render(self, key: str, language: str, channel: str, values: Values, *, country: str | None = None) -> Rendered:
        """The message, or MissingValue. `country` is the guest's: some want advertising labelled."""
        marketing = self.template(key).purpose is Purpose.MARKETING
        label = framing.LABELS.get(country or "", "") if marketing and channel == Channel.EMAIL else ""
        return self._prepared(key, language, channel).render(values, label)

    def _prepared(self, key: str, language: str, channel: str) -> Ready:
        place = (key, language, channel)
        if place not in self._ready:
            self._ready[place] = prepared(self.template(key), language, channel)
        return self._ready[place]


def prepared(template: Template, language: str, channel: str) -> Ready:
    locale = template.locales.get(language)
    if locale and channel == Channel.EMAIL and locale.email:
        return ReadyMail(locale.email, language, template.purpose)
    if locale and channel == Channel.SMS and locale.sms:
        return ReadyText(locale.sms, language, template.purpose)
    raise NotFound(f"«{template.key}» is not written in {language} for {channel}")


def missing_values(required: Iterable[str], values: Values) -> tuple[str, ...]:
    """Of the paths required, those that are absent, None or empty, in order."""
    return tuple(sorted(path for path in required if _value(path, values) in (None, "")))


def _value(path: str, values: Values) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _block(block: str | Button) -> tuple[Piece, Piece]:
    if isinstance(block, Button):
        return Piece(block.label), Piece("{{ " + block.link + " }}")
    return Piece(block), Piece("")
