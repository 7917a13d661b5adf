"""The ready journeys: each begins with its templates and segments in place, and says what it would bring here."""

from __future__ import annotations

from services.campaigns.commands.drafts import draft_of
from services.campaigns.commands.rehearsal.ask import cancel
from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.rules.document import segments_named, templates_named
from services.campaigns.schemas import validated
from services.campaigns.shipped import KEYS, OFFERED
from services.messaging.queries.templates.versions import one as template
from services.segments.commands.segments.lifecycle import is_live
from shared.database.pool import Tx
from tests.rehearsal.house import House
from tests.rehearsal.test_pages import as_
from tests.web import words

AT = "/campaigns/journeys"
DAYS = 7


def own(key: str) -> str:
    """Other tests of this house may have begun it under its own."""
    return f"own-{key}"


def test_every_ready_journey_begins_with_all_it_needs_and_can_be_rehearsed_here(a_house: House) -> None:
    page, ready = as_(a_house), [key for key in OFFERED if key not in KEYS]
    assert len(ready) == 13
    with a_house.group.database("campaigns").transaction() as tx:
        there = {key for (key,) in tx.execute("select key from journey").fetchall()}
    shown = words(page.get(AT))
    assert shown.count("Use it") == shown.count("What would it bring?") == len(set(ready) - there)
    for key in ready:
        page.post(AT, {"like": key, "key": own(key), "name": key})
    with a_house.group.database("campaigns").transaction() as tx:
        documents = {key: validated(draft_of(tx, own(key) if key in ready else key)) for key in OFFERED}
    launches = [Launch(own(key), documents[key]) for key in ready]
    lines = a_house.rehearsed(a_house.rehearse(DAYS, launches=launches))
    with a_house.group.database("messaging").transaction() as tx:
        missing = {one for each in documents.values() for one in templates_named(each) if not _published(tx, one)}
    assert missing == set()
    with a_house.group.database("segments").transaction() as tx:
        unknown = {one for each in documents.values() for one in segments_named(each) if not is_live(tx, one)}
    assert unknown == set()
    sent = {line["journey"] for line in lines if line["state"] == "sent"}
    assert sent >= {own(key) for key in ("departure", "in-stay", "pre-arrival", "survey-review-or-task")}


def test_what_a_ready_journey_would_bring_is_asked_as_it_is_begun(a_house: House) -> None:
    """No template of the house is taken away by it, however often it is begun."""
    with a_house.group.database("messaging").transaction() as tx:
        before = template(tx, "birthday")
    page = as_(a_house)
    page.get(AT)
    told = words(page.post(AT, {"like": "birthday-by-tier", "name": "Once more", "rehearse": "1"}))
    assert "Part 1 of 3: who enters and leaves the segments" in told
    with a_house.group.database("campaigns").transaction() as tx:
        ((id_,),) = tx.execute("select id from rehearsal where journey = 'once-more'").fetchall()
        assert cancel(tx, id_, a_house.clock.now())
    a_house.settle_rehearsals(a_house.clock.now())
    with a_house.group.database("messaging").transaction() as tx:
        assert template(tx, "birthday") == before


def _published(tx: Tx, key: str) -> bool:
    found = template(tx, key)
    return found is not None and found.version > 0
