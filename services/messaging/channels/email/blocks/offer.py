"""The card of the offer a template names: what it is worth, its terms, and the guest's code as text, QR and barcode.

That of a partner says whose it is: in white on their colour, by day and in the dark, below their logo on white.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import escape
from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.block import INK, LINE, QUIET, Block, Drawn
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import length
from services.messaging.channels.text import Link, Source
from services.messaging.wording.languages import choose_language
from services.messaging.wording.rich import Rich
from shared.plain_yaml import read_yaml

PICTURES = ("qr", "barcode")
VALUES = ("name", "worth", "code")  # without which there is no card; terms and an end are not in every offer
CODE = "font-family:Menlo,Consolas,monospace;font-size:22px;letter-spacing:0.08em;margin:12px 0;"
FRAME = f"border:1px dashed {LINE};border-radius:8px;overflow:hidden;text-align:center;"
LOGO = "margin:0;padding:12px 16px;background-color:#ffffff;"
BAND = f"margin:0;padding:8px 16px;font-weight:600;background-color:{{{{ offer.colour | default('{INK}') }}}};"


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """By language, the words around an offer."""
    loaded: dict[str, dict[str, str]] = read_yaml(files(__package__).joinpath("offer.yaml").read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class OfferCard:
    """`shows`: the code as a picture of these kinds too; a barcode where the desk reads no QR codes."""

    shows: tuple[str, ...] = ("qr",)

    def sources(self) -> Iterator[Source]:
        for name in VALUES:
            yield Source("/offer", "{{ offer." + name + " }}")

    def links(self) -> Iterator[Link]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        words = labels()[choose_language(labels(), slots.language)]
        until, terms = _if("valid_until", words["until"]), "{% if offer.terms is defined %}{{ offer.terms }}{% endif %}"
        led = f'<a class="link" href="{{{{ links.offer }}}}">{escape(words["page"])}</a>'
        page = "".join(
            (
                f'<div style="{FRAME}">{_partner(words["by"])}<div style="padding:16px;">',
                '<p style="margin:0;font-size:22px;font-weight:600;">{{ offer.worth }}</p>',
                '<p style="margin:4px 0 0;">{{ offer.name }}</p>',
                f'<p style="{CODE}">{{{{ offer.code }}}}</p>',
                _picture("offer_qr", 160, escape(words["qr"])) if "qr" in self.shows else "",
                _picture("offer_barcode", 240, escape(words["barcode"])) if "barcode" in self.shows else "",
                f'<p class="small" style="margin:8px 0 0;font-size:14px;color:{QUIET};">{until} {terms}</p>',
                f'<p style="margin:8px 0 0;">{led}</p>',
                "</div></div>",
            )
        )
        code = words["code"] + ": {{ offer.code }}"
        by = _if("partner", words["by"] + "\n")
        plain = "\n".join((by + "{{ offer.worth }}: {{ offer.name }}", code, f"{until} {terms}", "{{ links.offer }}"))
        place = slots.marked(Rich(page, plain, ()))
        return Drawn(f'<mj-text css-class="ink">{place}</mj-text>', place)


def _if(value: str, words: str) -> str:
    """`words` hold a gap for the value, and are left out where there is none."""
    return "{% if offer." + value + " is defined %}" + words.replace("…", "{{ offer." + value + " }}") + "{% endif %}"


def _partner(words: str) -> str:
    """The words stand in an element of their own: in the dark all paragraphs are written in the colour of ink."""
    look = "height:40px;width:auto;vertical-align:middle;"
    shown = f'<img src="{{{{ sender.pictures }}}}{{{{ offer.logo }}}}" height="40" alt="" style="{look}">'
    logo = f'{{% if offer.logo is defined %}}<p style="{LOGO}">{shown}</p>{{% endif %}}'
    return _if("partner", f'{logo}<p style="{BAND}"><span style="color:#ffffff;">{words}</span></p>')


def _picture(link: str, width: int, words: object) -> str:
    picture = f'<img src="{{{{ links.{link} }}}}" width="{width}" alt="{words}" style="max-width:100%;">'
    return f'<p style="margin:0;">{picture}</p>'


class OfferSchema(Schema):
    shows = fields.List(fields.String(validate=validate.OneOf(PICTURES)), load_default=["qr"], validate=length(0, 2))


class OfferKind:
    schema: type[Schema] = OfferSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return OfferCard(tuple(dict.fromkeys(part["shows"])))
