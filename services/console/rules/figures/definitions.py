"""Every key figure: its formula in words, what it is a part of what of, its unit, and what the trade aims at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shared.vocabulary.term import N_, Term


class Unit(Term):
    """How a figure is read; a share and a score are stored as they are counted, and shown times a hundred."""

    SHARE = "share", N_("per cent")
    SCORE = "score", N_("points, −100 to 100")
    MONEY = "money", N_("money")
    DAYS = "days", N_("days")
    NIGHTS = "nights", N_("nights")
    HOURS = "hours", N_("hours")


@dataclass(frozen=True)
class Definition:
    """`part` over `whole`. `rises`: whether more is better; None: neither. `target`: the trade's, as the unit has it
    (0.8 of a share). `of_a_year`: the target is of a year, and says nothing of fewer days. `behind`: where the guests
    behind it are listed, by the names of segments' filters or a page."""

    key: str
    label: str
    formula: str
    part: str
    whole: str
    unit: Unit
    rises: bool | None = None
    target: Decimal | None = None
    behind: str = ""
    of_a_year: bool = False

    @property
    def page(self) -> str:
        """The page of another service that lists what is behind it; empty: segments' list of guests."""
        return self.behind if self.behind.startswith("/") else ""


OF_STAYED = N_("guests who checked out")
DEFINITIONS = (
    Definition(
        "retention",
        N_("Retention"),
        N_("Of the guests who checked out in the period before, those who checked out in this one again."),
        N_("guests who came back"),
        N_("guests who checked out in the period before"),
        Unit.SHARE,
        rises=True,
        target=Decimal("0.8"),
        behind="retained",
        of_a_year=True,
    ),
    Definition(
        "retention_by_numbers",
        N_("Retention by numbers"),
        N_("(E − N) ÷ S: guests of this period less those who had never stayed, of the guests of the period before."),
        N_("guests who had stayed before"),
        N_("guests who checked out in the period before"),
        Unit.SHARE,
        rises=True,
        behind="known",
        of_a_year=True,
    ),
    Definition(
        "repurchase",
        N_("Repurchase"),
        N_(
            "Of the guests who checked out, those who came twice or more in the period. Stays that touch are one visit."
        ),
        N_("guests who came twice or more"),
        OF_STAYED,
        Unit.SHARE,
        rises=True,
        target=Decimal("0.25"),
        behind="again",
        of_a_year=True,
    ),
    Definition(
        "spend",
        N_("Spend a guest"),
        N_("Revenue of the stays that ended, by guest. Stays without a known amount add none."),
        N_("revenue"),
        OF_STAYED,
        Unit.MONEY,
        rises=True,
        behind="stayed",
    ),
    Definition(
        "nps",
        N_("NPS"),
        N_("Promoters (9–10) less detractors (0–6) of all who answered, the last answer of each guest."),
        N_("promoters less detractors"),
        N_("guests who answered"),
        Unit.SCORE,
        rises=True,
        target=Decimal("0.4"),
        behind="/feedback/answers",
    ),
    Definition(
        "complaints",
        N_("Complaint rate"),
        N_("Of the guests who checked out, those who complained of such a stay, or of none named in the period."),
        N_("guests who complained"),
        OF_STAYED,
        Unit.SHARE,
        rises=False,
        target=Decimal("0.01"),
        behind="complained",
    ),
    Definition(
        "direct",
        N_("Direct share"),
        N_("Of the stays that ended by a known channel, those booked by the house's own channels."),
        N_("stays booked with the house"),
        N_("stays of a known channel"),
        Unit.SHARE,
        rises=True,
        behind="stayed",
    ),
    Definition(
        "lead",
        N_("Lead time"),
        N_("Days from booking to arrival, of the stays booked in the period, whatever became of them."),
        N_("days ahead"),
        N_("stays booked"),
        Unit.DAYS,
        behind="booked",
    ),
    Definition(
        "length",
        N_("Length of stay"),
        N_("Nights of the stays that ended."),
        N_("nights"),
        N_("stays"),
        Unit.NIGHTS,
        rises=True,
        behind="stayed",
    ),
    Definition(
        "cancellation",
        N_("Cancellation"),
        N_("Of the stays that were to arrive, those that were cancelled."),
        N_("stays cancelled"),
        N_("stays that were to arrive"),
        Unit.SHARE,
        rises=False,
        behind="cancelled",
    ),
    Definition(
        "response",
        N_("Response to complaints"),
        N_("Hours from a complaint to the first thing somebody did about it, of those opened in the period."),
        N_("hours"),
        N_("complaints answered"),
        Unit.HOURS,
        rises=False,
        behind="/feedback/cases?view=closed&kind=complaint",
    ),
    *(
        Definition(
            f"reach_{channel}",
            label,
            N_("Of the guests who checked out, those who may be sent offers, on the night of counting."),
            N_("guests who may be written to"),
            OF_STAYED,
            Unit.SHARE,
            rises=True,
            behind=channel,
        )
        for channel, label in (
            ("email", N_("Reach by e-mail")),
            ("sms", N_("Reach by text message")),
            ("whatsapp", N_("Reach by WhatsApp")),
        )
    ),
    Definition(
        "cost_won",
        N_("Cost a booking won"),
        N_("Offers sent, each at the price that stood as it went, by bookings within 30 days after a click."),
        N_("cost of messages"),
        N_("bookings won"),
        Unit.MONEY,
        rises=False,
        behind="/campaigns/journeys",
    ),
)
BY_KEY = {one.key: one for one in DEFINITIONS}
