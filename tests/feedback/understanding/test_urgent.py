"""Words that cannot wait, and words that only hold one."""

from __future__ import annotations

import pytest

from services.feedback.understanding.urgent import Urgency, urgency_of


@pytest.mark.parametrize(
    "text",
    [
        *(
            "没有水果",
            "没有水果吗？",
            "不漏水了，谢谢",
            "火灾演习几点开始",
            "No power bank needed",
            "When is the fire drill?",
        ),
        *("Pas d’eau gazeuse, merci", "plus d'eau svp", "Kein Wasser bitte", "sin agua con gas"),
    ],
)
def test_nobody_is_called_for_fruit_or_sparkling_water(text: str) -> None:
    assert urgency_of(text) is Urgency.NONE


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("没有水果，房间漏水", Urgency.URGENT),
        ("房间没有水", Urgency.URGENT),
        ("Il n'y a plus d'eau", Urgency.URGENT),
        ("Fire drill? No: there is a fire!", Urgency.EMERGENCY),
        ("Fire in the fireplace room, call an ambulance", Urgency.EMERGENCY),
    ],
)
def test_what_stands_beside_them_is_heard(text: str, urgency: Urgency) -> None:
    assert urgency_of(text) is urgency
