"""A database of segments that knows two hotels."""

from __future__ import annotations

import pytest

from shared.database.pool import Database
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


@pytest.fixture
def segments(database: Database) -> Database:
    """The same, where other services are about."""
    return database
