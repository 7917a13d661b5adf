"""The small language in which texts are written: values, a few filters, `if`. Nothing else of Jinja is let in.

There is no loop, macro, assignment, call, include or arithmetic in it, so a text's cost is bounded by its length and
nothing a marketer writes can run away with the machine; Jinja's own sandbox stands behind that list. A value that
is missing is an error, never an empty place: the guest is held back with a reason instead of reading «Dear ,».
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.errors import GuestloopError, Problem

FILTERS = ("capitalize", "default", "first", "last", "length", "lower", "title", "trim", "truncate", "upper")
TESTS = ("defined", "undefined", "none", "eq", "ne", "lt", "le", "gt", "ge", "in")
LET_IN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
MOST_OUT = 20_000
DEEPEST = 30
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ANY_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class NotOfTheLanguage(GuestloopError):
    """This text uses something that texts may not use."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {what}" if line else what)
        self.what, self.line = what, line

    @property
    def problem(self) -> Problem:
        code = "unreadable_line" if self.line else "unreadable"
        return Problem(str(self), code, line=self.line, what=self.what)


class MissingValue(GuestloopError):
    """A value this text needs is missing for this guest."""


def _present(value: Any) -> Any:
    """None is a missing value too, never the word «None»."""
    if value is None:
        raise UndefinedError("a value is None")
    return value


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True, finalize=_present
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


ENVIRONMENT = _environment()
EMPTY = ENVIRONMENT.from_string("")


def parse(source: str) -> nodes.Template:
    """The source's tree. NotOfTheLanguage says what is wrong with it, and in which line."""
    try:
        tree = ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise NotOfTheLanguage(error.message or "it cannot be read", error.lineno) from error
    except RecursionError as error:
        raise NotOfTheLanguage("the text is nested too deep") from error
    for node in _all(tree):
        if not isinstance(node, LET_IN):
            raise NotOfTheLanguage(f"«{type(node).__name__.lower()}» is not used in texts", node.lineno)
        _check_names(node)
    return tree


def _check_names(node: nodes.Node) -> None:
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise NotOfTheLanguage(f"there is no filter «{node.name}»; there are {', '.join(FILTERS)}", node.lineno)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise NotOfTheLanguage(f"there is no test «{node.name}»; there are {', '.join(TESTS)}", node.lineno)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise NotOfTheLanguage(f"there is no value «{node.attr}»", node.lineno)


def paths(tree: nodes.Template) -> tuple[frozenset[str], frozenset[str]]:
    """The dotted paths a text reads, and those of them it can do without (tested or given a default)."""
    read: set[str] = set()
    spared: set[str] = set()
    for node in _all(tree):
        if isinstance(node, nodes.Filter) and node.name == "default" and (path := _path(node.node)):
            spared.add(path)
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined") and (path := _path(node.node)):
            spared.add(path)
        if isinstance(node, (nodes.Name, nodes.Getattr)) and (path := _path(node)):
            read.add(path)
    prefixes = {path for path in read if any(other.startswith(f"{path}.") for other in read)}
    return frozenset(read - prefixes), frozenset(spared)


def compiled(source: str) -> Template:
    return ENVIRONMENT.from_string(parse(source))


def context_of(values: Mapping[str, Any]) -> Context:
    """The values made ready once, for all the texts of one message."""
    return EMPTY.new_context(dict(values))


def fill(template: Template, context: Context) -> str:
    """The text with its values in place; MissingValue where one is missing."""
    try:
        text = "".join(template.root_render_func(context))
    except UndefinedError as error:
        raise MissingValue(error.message) from error
    if len(text) > MOST_OUT:
        raise NotOfTheLanguage(f"the text is longer than {MOST_OUT} characters")
    return text


def one_line(text: str) -> str:
    """Without line breaks and control characters: a subject or a text message can be made into nothing else."""
    return " ".join(ANY_CONTROL.sub(" ", text).split())


def printable(text: str) -> str:
    """Without control characters but the line break, and without marks that turn the writing's direction."""
    return CONTROL.sub("", text)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    level, depth = [tree], 0
    while level:
        yield from level
        level, depth = [child for node in level for child in node.iter_child_nodes()], depth + 1
        if depth > DEEPEST:
            raise NotOfTheLanguage("the text is nested too deep")


def _path(node: nodes.Node | None) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node)
        return f"{inner}.{node.attr}" if inner else None
    return None
