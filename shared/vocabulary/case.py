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


BY_A_PERSON = (
    CaseReason.DESK,
    CaseReason.PHONE,
    CaseReason.EMAIL,
    CaseReason.REPLY,
    CaseReason.REVIEW,
    CaseReason.SAID,
)
"""The reasons a person may choose when they open a case."""
