"""A ready journey for each class of RFM: one document, with the class and the template that suits it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from services.campaigns.schemas import overridden, parse
from services.campaigns.steps.kind import Document
from shared.errors import NotFound
from shared.vocabulary.term import N_

TEMPLATES: Mapping[str, str] = {
    "hhh": "newsletter",
    "hhl": "newsletter",
    "hlh": "win-back-offer",
    "hll": "newsletter",
    "lhh": "win-back-offer",
    "lhl": "win-back",
    "llh": "win-back-offer",
    "lll": "newsletter",
}
NAMES: Mapping[str, str] = {
    "hhh": N_("The first word to the best guests"),
    "hhl": N_("More of the house to frequent guests"),
    "hlh": N_("An offer to guests who spend well and seldom come"),
    "hll": N_("A reason for a second stay"),
    "lhh": N_("Calling back the best guests"),
    "lhl": N_("A reminder to guests who used to come often"),
    "llh": N_("Winning back guests who spent well"),
    "lll": N_("Now and then to guests of long ago"),
}


def class_journey(code: str) -> Document:
    if code not in TEMPLATES:
        raise NotFound(f"no journey of a class «{code}» comes with Guestloop")
    text = files(__name__).joinpath("class.yaml").read_text(encoding="utf-8")
    changes = {"key": f"rfm-{code}", "name": NAMES[code], "entry/audience": f"rfm-{code}"}
    return overridden(parse(text), {**changes, "steps/1/send/template": TEMPLATES[code]})
