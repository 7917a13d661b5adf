"""The one entry: a text → what is made of it."""

from __future__ import annotations

from services.feedback.understanding.understood import Understood


def understand(
    text: str,
    *,
    survey_open: bool = False,
    channel: str = "sms",
    number: str | None = None,
    threshold: int = 6,
    stopped: bool = False,
) -> Understood:
    """What the text means. Pure: no clock, no database, no network.

    `survey_open`: a survey waits for a score, else a number is only a number. `channel`: sms or email. `number`: the
    sender's in E.164, where known: «T» and «R» are objections in China. `threshold`: the score at or below which
    somebody follows up. `stopped`: this contact point has objected before, so that «yes» may mean «start again».
    """
    return Understood(own=text)
