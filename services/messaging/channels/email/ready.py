"""From an e-mail as it is written to the e-mail as a guest gets it, in plain text and in HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from jinja2.runtime import Context

from services.messaging.channels.email import frame
from services.messaging.channels.email.printing import Printed, gap
from services.messaging.rules.links import shown_as
from services.messaging.wording import sandbox
from services.messaging.wording.links import NAME, Targets, Tracked
from services.messaging.wording.piece import OF_THE_PROPERTY, Piece, Rendered, Values
from shared.vocabulary.purpose import Purpose

Tidy = Callable[[str], str]

MOST_PRINTED = 1_000


class ReadyMail:
    """`blocks`: words and the source of the link they lead to, empty for a paragraph. `targets`: of the numbered places
    in them."""

    def __init__(
        self,
        subject: str,
        preview: str,
        blocks: Iterable[tuple[str, str]],
        language: str,
        why: str,
        targets: Sequence[str] = (),
    ) -> None:
        """`why` it comes: its purpose, or that it is an answer."""
        around = frame.mail_frame(language, why)
        self._language, self._is_advertising = language, why == Purpose.MARKETING
        self._parts: list[tuple[Piece, Tidy]] = [
            (Piece(subject), sandbox.one_line),
            (Piece(preview), sandbox.one_line),
            (Piece(frame.BRAND), sandbox.one_line),
            (Piece(frame.IMPRINT), sandbox.one_line),
            (Piece(around.reason), str),
            (Piece(around.way_out), str),
            (Piece("{{ " + frame.WAY_OUT + " }}" if around.way_out else ""), str),
        ]
        self._paragraphs = set[int]()
        for words, link in blocks:
            if not link:
                self._paragraphs.add(len(self._parts))
            self._parts += [(Piece(words), sandbox.printable), (Piece(link), str)]
        self._targets = Targets(targets)
        self._own = [place for place, (piece, _) in enumerate(self._parts) if not piece.is_of_the_property]
        self._printed: dict[tuple[Any, ...], Printed] = {}

    @cached_property
    def required(self) -> frozenset[str]:
        return self._targets.required.union(*(piece.required for piece, _ in self._parts))

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        label = frame.LABELS.get(country or "", "") if self._is_advertising else ""
        context, shown, kept = sandbox.context_of(values), frame.NOTHING, frame.NOTHING_KEPT
        if self._targets:
            addresses = self._targets.addresses(context, tracked)
            context, kept = sandbox.context_of({**values, NAME: addresses.values}), addresses.kept
            shown = dict(zip(addresses.values.values(), map(shown_as, self._targets.written), strict=True))
        own = {place: self._fill(place, context) for place in self._own}
        if not all(own.values()):  # what is empty changes the layout around it
            return self._composed(context, label, own, shown, kept)
        hotel = (label, *(item for part in OF_THE_PROPERTY for item in values[part].items()))
        if hotel not in self._printed:
            if len(self._printed) >= MOST_PRINTED:
                self._printed.clear()
            gaps = {place: gap(place) for place in own}
            self._printed[hotel] = Printed(self._composed(context, label, gaps, shown, kept))
        in_html = {
            place: frame.linked(text, shown) if place in self._paragraphs else frame.broken(text)
            for place, text in own.items()
        }
        return self._printed[hotel].filled(own, in_html, kept)

    def _fill(self, place: int, context: Context) -> str:
        piece, tidy = self._parts[place]
        return tidy(piece.fill(context))

    def _composed(
        self, context: Context, label: str, own: Mapping[int, str], shown: Mapping[str, str], kept: Mapping[int, str]
    ) -> Rendered:
        texts = [own[place] if place in own else self._fill(place, context) for place in range(len(self._parts))]
        subject, preview, brand, imprint, reason, way_out, unsubscribe, *body = texts
        blocks = list(zip(body[::2], body[1::2], strict=True))
        around = {"reason": reason, "way_out": way_out, "unsubscribe": unsubscribe, "imprint": imprint}
        subject = label + subject
        html = frame.as_html(
            blocks, shown=shown, language=self._language, subject=subject, preview=preview, brand=brand, **around
        )
        return Rendered(subject, frame.as_text(blocks, **around), html, kept)
