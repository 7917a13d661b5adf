"""A rehearsal says line by line what a house does over days in which nothing arrives."""

from __future__ import annotations

from datetime import timedelta

from tests.rehearsal.house import House

DAYS = 60


def test_a_rehearsal_agrees_line_by_line_with_what_really_happens(a_house: House) -> None:
    began = a_house.clock.now()
    rehearsed = a_house.rehearsed(a_house.rehearse(DAYS, as_booked=False))
    a_house.play_on(began + timedelta(days=DAYS))
    assert rehearsed == a_house.ledger(began)
    told = {(line["journey"], line["reason"] or line["state"]) for line in rehearsed}
    assert {
        ("birthday", "sent"),
        ("birthday", "no_consent"),
        ("win-back", "sent"),
        ("post-stay-survey", "sent"),
    } <= told
