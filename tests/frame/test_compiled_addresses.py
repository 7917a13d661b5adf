"""The short cut by which tests build an application gives each of its rules what Werkzeug gives it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter

from shared.events.console import EVERY_SERVICE
from tests.compiled_addresses import BY_WERKZEUG
from tests.conftest import MakeDatabase
from tests.frame.test_rough_input import at_work

VALUES = {UUIDConverter: uuid4(), IntegerConverter: 7}


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_every_rule_is_what_it_would_be(make_database: MakeDatabase, tmp_path: Path, service: str) -> None:
    at_work(make_database, service, tmp_path)
    rules = list(at_work(make_database, service, tmp_path).app.url_map.iter_rules())
    assert len(rules) > 10
    for rule in rules:
        slow = rule.empty()
        slow.map = rule.map
        BY_WERKZEUG(slow)
        assert (slow._parts, slow._trace, slow.arguments) == (rule._parts, rule._trace, rule.arguments)
        assert built(slow) == built(rule)


def built(rule: Rule) -> object:
    values = {name: value_of(converter) for name, converter in rule._converters.items()}
    return [rule.build({**values, "more": "1"}, append_unknown) for append_unknown in (True, False)]


def value_of(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return VALUES.get(type(converter), "a b")
