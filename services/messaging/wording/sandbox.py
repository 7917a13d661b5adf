"""The small language in which texts are written: values, a few filters, `if`. Nothing else of Jinja is let in.

There is no loop, macro, assignment, call, include or arithmetic in it, so a text's cost is bounded by its length and
nothing a marketer writes can run away with the machine; Jinja's own sandbox stands behind that list. A value that
is missing is an error, never an empty place: the guest is held back with a reason instead of reading «Dear ,».

Filters take any value and are given nothing they could stumble over. Whatever else goes wrong inside Jinja, reading a
text or filling it in, is `NotOfTheLanguage`: one text's error, never the process's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
    pass_environment,
)
from jinja2.filters import do_default, do_title, do_truncate
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.errors import GuestloopError, Problem

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
DEEPEST, MOST_NODES = 30, 2_000
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


def _text(value: object) -> str:
    """What a filter works on; a missing value is missing behind a filter too."""
    return str(present(value))


@pass_environment
def _truncated(environment: Environment, value: object, *given: Any) -> str:
    return do_truncate(environment, _text(value), *given)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "capitalize": lambda value: _text(value).capitalize(),
    "default": do_default,
    "first": lambda value: _text(value)[:1],
    "last": lambda value: _text(value)[-1:],
    "length": lambda value: len(_text(value)),
    "lower": lambda value: _text(value).lower(),
    "title": lambda value: do_title(_text(value)),
    "trim": lambda value: _text(value).strip(),
    "truncate": _truncated,
    "upper": lambda value: _text(value).upper(),
}
ARGUMENTS: Mapping[str, tuple[type, ...]] = {"default": (object, bool), "truncate": (int, bool, str)}
"""What a filter may be given, in order; the others take nothing."""


def present(value: Any) -> Any:
    """None is a missing value too, never the word «None»."""
    if value is None:
        raise UndefinedError("a value is None")
    return value


def _environment(*, escapes: bool = False) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=escapes, keep_trailing_newline=True, finalize=present
    )
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


ENVIRONMENT = _environment()
ESCAPING = _environment(escapes=True)
EMPTY = {environment: environment.from_string("") for environment in (ENVIRONMENT, ESCAPING)}


def parse(source: str) -> nodes.Template:
    """The source's tree. NotOfTheLanguage says what is wrong with it, and in which line."""
    try:
        tree = ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise NotOfTheLanguage(error.message or "it cannot be read", error.lineno) from error
    except RecursionError as error:
        raise NotOfTheLanguage("the text is nested too deep") from error
    except ValueError as error:
        raise NotOfTheLanguage("a number in it is too long") from error
    for size, node in enumerate(_all(tree), start=1):
        if size > MOST_NODES:
            raise NotOfTheLanguage("the text has too many parts")
        if not isinstance(node, LET_IN):
            raise NotOfTheLanguage(f"«{type(node).__name__.lower()}» is not used in texts", node.lineno)
        _check_names(node)
    return tree


def _check_names(node: nodes.Node) -> None:
    if isinstance(node, nodes.Filter):
        _check_filter(node)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise NotOfTheLanguage(f"there is no test «{node.name}»; there are {', '.join(TESTS)}", node.lineno)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise NotOfTheLanguage(f"there is no value «{node.attr}»", node.lineno)


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise NotOfTheLanguage(f"there is no filter «{node.name}»; there are {', '.join(FILTERS)}", node.lineno)
    kinds = ARGUMENTS.get(node.name, ())
    given: list[Any] = [one.value if isinstance(one, nodes.Const) else one for one in node.args]
    fits = len(given) <= len(kinds) and all(map(isinstance, given, kinds))
    if node.kwargs or node.dyn_args or node.dyn_kwargs or not fits:
        raise NotOfTheLanguage(f"the filter «{node.name}» takes other arguments", node.lineno)
    if node.name == "truncate" and given and given[0] < len(given[2] if len(given) > 2 else "..."):
        raise NotOfTheLanguage("«truncate» leaves room for its end: three characters at least", node.lineno)


def branches(tree: nodes.Template) -> Iterator[Template]:
    """Every way through each `if`, and each question, as a text of its own: a trial guest may take none of them."""
    for node in _all(tree):
        if isinstance(node, nodes.If):
            yield _text_of([nodes.Output([_asked(node.test)])])
            yield from (_text_of(way) for way in (node.body, node.else_) if way)
        elif isinstance(node, nodes.CondExpr):
            yield _text_of([nodes.Output([_asked(node.test)])])
            yield from (_text_of([nodes.Output([way])]) for way in (node.expr1, node.expr2) if way)


def _asked(question: Any) -> nodes.Expr:
    """Printing a question asks it and prints nothing."""
    return nodes.CondExpr(question, nodes.Const(""), nodes.Const(""))


def _text_of(body: list[Any]) -> Template:
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(ENVIRONMENT)
    return _compiled(tree)


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


def defaults(tree: nodes.Template) -> dict[str, str]:
    """By dotted path, the words that are read where it is missing."""
    found = {}
    for node in _all(tree):
        if isinstance(node, nodes.Filter) and node.name == "default" and (path := _path(node.node)):
            first = node.args[0] if node.args else None
            found[path] = str(first.value) if isinstance(first, nodes.Const) else ""
    return found


def compiled(source: str, *, escapes: bool = False) -> Template:
    """`escapes`: the source is a part of a page, and its values are escaped as they are filled in."""
    return _compiled(parse(source), ESCAPING if escapes else ENVIRONMENT)


def compiled_with(source: str, finalize: Callable[[Any], Any]) -> Template:
    """The same, with each value passed through `finalize` as it is filled in."""
    return _compiled(parse(source), ENVIRONMENT.overlay(finalize=finalize))


def _compiled(tree: nodes.Template, environment: Environment = ENVIRONMENT) -> Template:
    try:
        tree.set_environment(environment)
        code = environment.compile(tree)
    except Exception as error:  # Python's compiler has limits of its own: of nesting, of blocks, of constants
        raise NotOfTheLanguage(f"it cannot be read ({type(error).__name__})") from error
    return Template.from_code(environment, code, {})


class Reading:
    """The values of one message, made ready for Jinja when a text first needs more than to read them."""

    __slots__ = ("_context", "escapes", "values")

    def __init__(self, values: Mapping[str, Any], *, escapes: bool) -> None:
        self.values, self.escapes = values, escapes
        self._context: Context | None = None

    @property
    def context(self) -> Context:
        if self._context is None:
            empty = EMPTY[ESCAPING if self.escapes else ENVIRONMENT]
            self._context = empty.new_context(dict(self.values))
        return self._context


def context_of(values: Mapping[str, Any], *, escapes: bool = False) -> Reading:
    """The values made ready once, for all the texts of one message, or for all parts of pages among them."""
    return Reading(values, escapes=escapes)


def fill(template: Template, reading: Reading) -> str:
    """The text with its values in place; MissingValue where one is missing."""
    try:
        text = "".join(template.root_render_func(reading.context))
    except UndefinedError as error:
        raise MissingValue(error.message) from error
    except Exception as error:  # a comparison of a name with a number, for one
        raise NotOfTheLanguage(f"it cannot be filled in ({type(error).__name__})") from error
    if len(text) > MOST_OUT:
        raise NotOfTheLanguage(f"the text is longer than {MOST_OUT} characters")
    return text


def one_line(text: str) -> str:
    """Without line breaks and control characters: a subject or a text message can be made into nothing else."""
    return " ".join((text if text.isprintable() else ANY_CONTROL.sub(" ", text)).split())


def printable(text: str) -> str:
    """Without control characters but the line break, and without marks that turn the writing's direction."""
    return text if text.isprintable() else CONTROL.sub("", text)


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
