"""Cases that people look after: what they are, and what they arise from."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class CaseKind(Term):
    FOLLOW_UP = "follow_up", N_("Follow-up"), "plain", "flag"
    COMPLAINT = "complaint", N_("Complaint"), "bad", "flag"


class CaseReason(Term):
    """What a case arises from: an answer, a reply, or the way in which a guest told a person."""

    SCORE = "score", N_("Low score")
    STOP_INSIDE = "stop_inside", N_("Reply that may mean «stop»")
    WORDS = "words", N_("What a guest wrote")
    REPLY = "reply", N_("By text message")
    DESK = "desk", N_("At the desk")
    PHONE = "phone", N_("On the phone")
    EMAIL = "email", N_("By e-mail")
    REVIEW = "review", N_("In a review")
    SAID = "said", N_("Otherwise")
    URGENT = "urgent", N_("Words that cannot wait")


BY_A_PERSON = (
    CaseReason.DESK,
    CaseReason.PHONE,
    CaseReason.EMAIL,
    CaseReason.REPLY,
    CaseReason.REVIEW,
    CaseReason.SAID,
)
"""The reasons a person may choose when they open a case."""


class Contentment(Term):
    """Whether the guest was content with how a case ended."""

    YES = "yes", N_("The guest is content"), "good"
    NO = "no", N_("The guest is not content"), "bad"
    UNKNOWN = "unknown", N_("Nobody knows")


class Compensation(Term):
    """What a guest was given for what went wrong."""

    REFUND = "refund", N_("Refund")
    DISCOUNT = "discount", N_("Discount")
    MEAL = "meal", N_("Meal or drink")
    UPGRADE = "upgrade", N_("Better room")
    NIGHT = "night", N_("Free night")
    POINTS = "points", N_("Points")
    GIFT = "gift", N_("Gift")
    OTHER = "other", N_("Something else")


class AlertReason(Term):
    """Why somebody of the hotel is called."""

    EMERGENCY = "emergency", N_("somebody may be in danger"), "bad", "flag"
    URGENT = "urgent", N_("words that cannot wait"), "bad", "flag"
    COMPLAINT = "complaint", N_("a complaint"), "bad", "flag"
    LOW_SCORE = "low_score", N_("a low score"), "look", "flag"
    LATE = "late", N_("a deadline has passed"), "look", "clock"
    TASK_LATE = "task_late", N_("a task is late"), "look", "clock"


class CaseAlert(Term):
    """Who is called of a case that was opened."""

    LIST = "list", N_("the duty list")
    ROLE = "role", N_("every duty manager")
    NONE = "none", N_("nobody")
