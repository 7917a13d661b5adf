"""The addresses of pages are compiled once a worker: hundreds of tests build an application of the same rules.

Werkzeug takes each rule apart, and writes and compiles two functions for it; for the rules of one service that is most
of what it takes to build its application.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule
from werkzeug.routing.converters import BaseConverter
from werkzeug.routing.rules import RulePart

Build = Callable[..., tuple[str, str]]

BY_WERKZEUG = Rule.compile


@dataclass(frozen=True)
class Compiled:
    """All that `Rule.compile` gives a rule; nothing of it is changed afterwards."""

    parts: list[RulePart]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: frozenset[str]
    build: Build
    build_unknown: Build

    @classmethod
    def of(cls, rule: Rule) -> Compiled:
        BY_WERKZEUG(rule)
        build, build_unknown = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
        arguments = frozenset(rule.arguments)
        return cls(rule._parts, rule._trace, rule._converters, arguments, build, build_unknown)

    def give(self, rule: Rule) -> None:
        rule._parts, rule._trace = list(self.parts), list(self.trace)
        rule._converters = dict(self.converters)
        rule.arguments.update(self.arguments)
        rule._build = self.build.__get__(rule, None)
        rule._build_unknown = self.build_unknown.__get__(rule, None)


_compiled: dict[tuple[Any, ...], Compiled] = {}


def compile_once(rule: Rule) -> None:
    """In place of `Rule.compile`, whose work depends on what stands in the key and on nothing else."""
    if rule.defaults or rule.map.host_matching:  # defaults are written into the functions, and no page has any
        return BY_WERKZEUG(rule)
    key = (rule.rule, rule.subdomain, rule.merge_slashes, *rule.map.converters.items())
    if key not in _compiled:
        _compiled[key] = Compiled.of(rule)
    return _compiled[key].give(rule)
