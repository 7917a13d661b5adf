"""A rule while it is edited: the fields of the form, kept as typed, and the document they make.

Each node has a path («r», «r.0», «r.0.2»); its fields are called `<path>:<field>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from services.segments.facts import FACTS
from services.segments.facts.fact import Fact, Kind
from services.segments.facts.units import Measure
from services.segments.facts.where import LENGTHS
from services.segments.rules.language.tree import LISTS, OPS, Op

ROOT = "r"
OPPOSITES = {"all": "not_all", "not_all": "all", "any": "none", "none": "any"}
NUMERIC = (Kind.WHOLE, Kind.MONEY)
NUMBER = re.compile(r"-?\d+([.]\d+)?")
SEPARATORS = "[,，、;；]"
DEEPEST_FORM = 20


@dataclass(frozen=True)
class DraftCondition:
    """`values` as typed: one text, two for «between», several boxes ticked, or one text that lists them."""

    fact: str
    op: str
    values: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opposite: bool = False

    @property
    def entry(self) -> Fact:
        return FACTS[self.fact]


@dataclass(frozen=True)
class DraftGroup:
    word: str  # all | any | none | not_all
    parts: tuple[Node, ...] = ()


Node = DraftCondition | DraftGroup
FIRST = DraftCondition("stays", "at_least", ("1",))
EMPTY = DraftGroup("all", (FIRST,))


def draft_of(document: Any) -> DraftGroup:
    """The form of a sound document."""
    node = _node(document)
    return node if isinstance(node, DraftGroup) else DraftGroup("all", (node,))


def _node(document: Any) -> Node:
    if "not" in document:
        inner = _node(document["not"])
        if isinstance(inner, DraftGroup):
            return replace(inner, word=OPPOSITES[inner.word])
        return replace(inner, opposite=not inner.opposite)
    for word in ("all", "any"):
        if word in document:
            return DraftGroup(word, tuple(_node(part) for part in document[word]))
    where = {key: _where_texts(value) for key, value in document.get("where", {}).items()}
    return DraftCondition(document["fact"], document["op"], _typed(document), where)


def _typed(document: Mapping[str, Any]) -> tuple[str, ...]:
    value = document["value"]
    if is_share(FACTS[document["fact"]]) and document["op"] != Op.KNOWN:
        return tuple(_plain(Decimal(str(one)) * 100) for one in (value if isinstance(value, list) else [value]))
    return _as_one_text(value)


def is_share(fact: Fact) -> bool:
    """Whether it is typed in per cent."""
    return fact.unit is not None and fact.unit.measure is Measure.SHARE


def _as_one_text(value: Any) -> tuple[str, ...]:
    """A single value of a list, so written that it is not cut up at its own commas."""
    texts = _texts(value)
    return (as_list_text(texts),) if isinstance(value, list) and len(texts) == 1 else texts


def _where_texts(value: Any) -> tuple[str, ...]:
    return _as_one_text(value if isinstance(value, list) else [value])


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in value) if isinstance(value, list) else (_text(value),)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_draft(form: MultiDict[str, str]) -> DraftGroup:
    """The draft in the form, complete or not; an unknown fact becomes the first one."""
    found = _read(form, ROOT, 0)
    return found if isinstance(found, DraftGroup) else EMPTY


def _read(form: MultiDict[str, str], path: str, depth: int) -> Node:
    if f"{path}:group" in form and depth <= DEEPEST_FORM:
        word = form[f"{path}:group"]
        places = sorted(_children(form, path))
        parts = tuple(_read(form, f"{path}.{place}", depth + 1) for place in places)
        return DraftGroup(word if word in OPPOSITES else "all", parts)
    return _read_condition(form, path)


def _children(form: MultiDict[str, str], path: str) -> set[int]:
    inside = re.compile(re.escape(path) + r"\.(\d{1,3})[.:].*")
    return {int(found[1]) for name in form if (found := inside.fullmatch(name))}


def _read_condition(form: MultiDict[str, str], path: str) -> DraftCondition:
    name = form.get(f"{path}:fact", "")
    fact = FACTS.get(name, FACTS["stays"])
    if form.get(f"{path}:was", fact.name) != fact.name:
        return fresh_condition(fact)
    word = form.get(f"{path}:op", "")
    denied, op = word.startswith("not "), word.removeprefix("not ")
    if op not in OPS[fact.kind]:
        op = str(OPS[fact.kind][0])
    values = tuple(form.getlist(f"{path}:value"))
    where = {
        key: tuple(text for text in form.getlist(f"{path}:{key}") if text.strip())
        for key in sorted(fact.where)
        if any(text.strip() for text in form.getlist(f"{path}:{key}"))
    }
    return DraftCondition(fact.name, op, values, where, opposite=(f"{path}:opposite" in form) is not denied)


def fresh_condition(fact: Fact) -> DraftCondition:
    """A fact just chosen: its first sensible question."""
    where = {"channel": ("email",)} if "channel" in fact.needs else {}
    if fact.kind is Kind.TRUTH:
        return DraftCondition(fact.name, Op.IS, ("true",), where)
    if fact.kind in NUMERIC:
        return DraftCondition(fact.name, Op.AT_LEAST, (), where)
    return DraftCondition(fact.name, OPS[fact.kind][0], (), where)


def document_of(draft: DraftGroup) -> tuple[Any, dict[str, str]]:
    """The document, and for each of its JSON pointers that begins a node the node's path in the form."""
    if draft.word == "all" and len(draft.parts) == 1 and isinstance(draft.parts[0], DraftCondition):
        return _document(draft.parts[0], f"{ROOT}.0", "")
    return _document(draft, ROOT, "")


def _document(node: Node, path: str, at: str) -> tuple[Any, dict[str, str]]:
    places = {at: path}
    denied = node.opposite if isinstance(node, DraftCondition) else node.word in ("none", "not_all")
    inner = f"{at}/not" if denied else at
    places[inner] = path
    if isinstance(node, DraftCondition):
        made: Any = _leaf(node)
    else:
        word = "all" if node.word in ("all", "not_all") else "any"
        parts = []
        for place, part in enumerate(node.parts):
            document, more = _document(part, f"{path}.{place}", f"{inner}/{word}/{place}")
            parts.append(document)
            places |= more
        made = {word: parts}
    return ({"not": made} if denied else made), places


def _leaf(condition: DraftCondition) -> dict[str, Any]:
    made: dict[str, Any] = {"fact": condition.fact, "op": str(condition.op), "value": _value(condition)}
    where = {key: _where(condition.entry, key, texts) for key, texts in condition.where.items()}
    return made | ({"where": where} if where else {})


def _where(fact: Fact, key: str, texts: tuple[str, ...]) -> Any:
    if key in ("window_days", "for_days", *LENGTHS):
        return _number(texts[0])
    if key in ("since", "until") or fact.needs:
        return texts[0]
    values = list(texts) if len(texts) > 1 else listed(texts[0])
    return values[0] if len(values) == 1 else values


def _value(condition: DraftCondition) -> Any:
    fact, op, texts = condition.entry, condition.op, condition.values
    if op == Op.KNOWN:
        return True
    if fact.kind is Kind.TRUTH:
        return texts != ("false",)
    numeric = fact.kind in NUMERIC
    if op in LISTS and op != Op.BETWEEN and len(texts) == 1:
        texts = tuple(listed(texts[0]))
    values: list[Any] = [_number(text, share=is_share(fact)) if numeric else text.strip() for text in texts]
    if op in LISTS:
        return values
    return values[0] if values else ""


def _number(text: str, *, share: bool = False) -> int | float | str:
    """The number, or the text as typed where it is none, which the parser then refuses in its place."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return text
    value = Decimal(text) / 100 if share else Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def listed(text: str) -> list[str]:
    """Texts between commas, or one a line."""
    parts = text.splitlines() if "\n" in text else re.split(SEPARATORS, text)
    return [part.strip() for part in parts if part.strip()]


def as_list_text(values: tuple[str, ...]) -> str:
    """The opposite of `listed`."""
    if any(re.search(SEPARATORS, value) for value in values):
        return "\n".join(values) + "\n"
    return ", ".join(values)


def nodes(node: Node, path: str = ROOT) -> Iterator[tuple[str, Node]]:
    yield path, node
    if isinstance(node, DraftGroup):
        for place, part in enumerate(node.parts):
            yield from nodes(part, f"{path}.{place}")
