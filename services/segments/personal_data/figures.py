"""What is counted of guests by night, and what is worked out from it: sums of many."""

from __future__ import annotations

from shared.personal_data.columns import colleague, plain, without_person
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept

FIGURES = (
    without_person(
        "figure_window",
        "Windows of figures",
        "Which figures were counted when.",
        "span",
        "first",
        "asked",
        "counted_at",
    ),
    without_person(
        "figure_night", "Figures to come", "When figures are counted next.", "single", "next_at", "cohorts_at"
    ),
    without_person(
        "cohort_figure",
        "Cohorts",
        "How many of the guests of a period came back when: numbers, without a person.",
        *("span", "property", "first", "after", "came", "again"),
    ),
    without_person(
        "churn_figure",
        "Guests lost",
        "How many guests of a window did not come again, by what they were: numbers, without a person.",
        *("span", "first", "property", "trait", "value", "before", "lost"),
    ),
    without_person(
        "loyalty_figure",
        "Loyalty",
        "How many guests came how often, and by tier: numbers, without a person.",
        *("property", "by", "value", "guests", "visits", "nights", "spend", "unpriced"),
    ),
    without_person(
        "outlet_figure",
        "Spend by outlet",
        "What guests spent by outlet and month: sums, without a person.",
        *("property", "month", "outlet", "currency", "amount", "lines"),
    ),
    without_person(
        "partner_figure",
        "Partners",
        "What stays of a company or by a channel come to in a month: sums, without a person. A company stands here by "
        "its number; its name, which may be that of somebody in trade, stands with the company alone.",
        *("by", "value", "property", "month", "currency", "stays", "nights", "priced", "revenue"),
    ),
    without_person(
        "new_guest_figure",
        "New guests",
        "How many guests came first by which market, channel and country: numbers, without a person.",
        *("property", "cut", "value", "month", "guests", "ripe", "again"),
    ),
    without_person(
        "guest_figure",
        "Figures",
        "How many guests stayed, came again or complained, by month, quarter and year: numbers, without a person.",
        *("span", "first", "property", "cut", "value", "guests", "before", "retained", "known", "again", "complained"),
        *("email", "sms", "whatsapp", "stays", "visits", "nights", "spend", "unpriced", "currency"),
    ),
    without_person(
        "prediction",
        "Predictions",
        "How often guests are to come again: sums, without a person.",
        *("as_of", "counted_at", "split", "ahead", "guests", "why", "parameters", "alive", "visits", "worth"),
        *("once", "unpriced", "months_named", "months_met", "currency"),
    ),
    without_person(
        "prediction_hotel",
        "Predictions by hotel",
        "How often guests of a hotel are to come again: sums, without a person.",
        *("as_of", "property", "guests", "once", "alive", "visits", "worth", "unpriced", "currency", "rate"),
    ),
    without_person(
        "prediction_test",
        "Tests of predictions",
        "How a prediction compares with who came: sums, without a person.",
        *("as_of", "property", "before", "guests", "predicted", "came"),
    ),
    Table(
        name="rfm_bands",
        what="Bands of RFM",
        why="Where the classes of guests begin.",
        columns={
            **plain("single", "mode", "recent", "frequent", "window_days", "spend", "as_of", "chosen_at"),
            **colleague("chosen_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    without_person(
        "rfm_night",
        "Nights of RFM",
        "By which bands a night was counted.",
        *("as_of", "counted_at", "recent", "frequent", "window_days", "spend"),
    ),
    without_person(
        "rfm_shape",
        "Guests by RFM",
        "How many guests came how lately and how often: numbers, without a person.",
        *("property", "days", "year", "two_years", "share", "guests", "spend"),
    ),
    without_person(
        "rfm_flow",
        "Moves between classes",
        "How many guests went from class to class: numbers, without a person.",
        *("as_of", "back", "property", "before", "now", "guests"),
    ),
    without_person(
        "stage_size",
        "Guests by stage",
        "How many are in a stage: numbers, without a person.",
        "property",
        "stage",
        "guests",
    ),
    without_person(
        "stage_turn",
        "Turns of stages",
        "How many went from stage to stage in a month: numbers, without a person.",
        *("month", "property", "before", "now", "turns"),
    ),
)
