"""The addresses of pages are compiled once a worker: hundreds of tests build an application of the same rules.

Werkzeug writes and compiles two functions for each rule; for the rules of one service that is most of what it takes to
build its application.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]

_COMPILE = Rule._compile_builder
_compiled: dict[tuple[Any, ...], Build] = {}


def compile_once(rule: Rule, append_unknown: bool = True) -> Build:
    """In place of `Rule._compile_builder`, whose function depends on what stands in the key and on nothing else."""
    if rule.defaults:  # are written into the function by converters, and no page has any
        return _COMPILE(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in _compiled:
        _compiled[key] = _COMPILE(rule, append_unknown)
    return _compiled[key]
