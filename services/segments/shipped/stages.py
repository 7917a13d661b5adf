"""The stages of a guest as they are shipped: the order, their names, and the rules to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from services.segments.shipped import Document, read


@dataclass(frozen=True)
class ShippedStage:
    key: str
    name: str
    rule: Document


def shipped_stages() -> list[ShippedStage]:
    """The first that holds counts."""
    return [ShippedStage(**one) for one in read("lifecycle.yaml")]


def stage_rule(key: str) -> Document:
    """Whoever fulfils the stage's own rule, and that of none before it."""
    before = [one.key for one in shipped_stages()]
    earlier = [own_key(one) for one in before[: before.index(key)]]
    own: Document = {"fact": "in_segment", "op": "is", "value": own_key(key)}
    if not earlier:
        return own
    return {"all": [own, {"fact": "in_segment", "op": "not_in", "value": earlier}]}


def own_key(key: str) -> str:
    """Of the segment that holds the stage's own rule."""
    return f"stage-rule-{key}"


def stage_key(key: str) -> str:
    """Of the segment of whoever is in the stage."""
    return f"stage-{key}"
