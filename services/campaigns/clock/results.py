"""Results of many guests: counted where a page waits for them, and every hour while pages ask for them."""

from __future__ import annotations

from datetime import datetime

import structlog

from services.campaigns.commands.count_results import claim_count, count_one, next_count
from services.campaigns.store.results_kept import give_up
from shared.bus.dead_letters import reason_of
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database

log = structlog.get_logger()


class Results:
    """One question a step. No row is locked while it is counted: a page that asks waits for nothing, and two roles at
    the same question count it twice."""

    name = "results"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_count(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            question = claim_count(tx, now)
        if question is None:
            return 0
        try:
            with self._database.transaction() as tx:
                count_one(tx, question, now)
        except Exception as error:  # one question must not end the role
            if is_passing(error):
                raise
            log.error("results cannot be counted", journey=question.journey, reason=reason_of(error))
            with self._database.transaction() as tx:
                give_up(tx, question)
        return 1
