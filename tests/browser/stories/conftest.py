"""One house for all stories: each begins where the one before has ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Installation, Visitor
from tests.browser.stories.house import HouseOfStories, house_of_stories
from tests.browser.stories.marketer import Marketer


@pytest.fixture(scope="package")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HouseOfStories, str]]:
    with house_of_stories(tmp_path_factory.mktemp("stories") / "home") as made:
        yield made


@pytest.fixture
def house(at_home: tuple[HouseOfStories, str]) -> HouseOfStories:
    return at_home[0]


@pytest.fixture
def marketer(chromium: Browser, at_home: tuple[HouseOfStories, str]) -> Iterator[Marketer]:
    house, origin = at_home
    visitor = Visitor(chromium, Installation(origin, house.home), [])
    yield Marketer(visitor, house)
    for context in visitor.contexts:
        context.close()
