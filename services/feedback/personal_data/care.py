"""What is kept around cases: compensation, pictures, who was called; tasks of staff, praise, duty lists."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.case import AlertReason, Compensation
from shared.vocabulary.personal_data import Kept, PersonalKind

OF_CASE = "case_id in (select case_id from care_case where guest_id = any(%(guests)s::uuid[]))"
OF_ALERT = f"alert_id in (select alert_id from alert where {OF_CASE})"

CARE = (
    Table(
        name="case_compensation",
        what="Compensation",
        why="What a guest was given for what went wrong. It stays as a sum of the hotel.",
        columns={
            **key("compensation_id", "case_id"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "kind": personal(PersonalKind.CONDUCT, "Kind", words=Compensation),
            "amount": personal(PersonalKind.CONDUCT, "Amount", money="currency"),
            "currency": personal(PersonalKind.CONDUCT, "Currency"),
            **colleague("approved_by_id", "approved_by", "given_by", "withdrawn_by"),
            "at": personal(PersonalKind.CONDUCT, "On"),
            **plain("month", "withdrawn_at"),
        },
        kept=Kept.GUEST,
        guests=OF_CASE,
    ),
    Table(
        name="case_picture",
        what="Pictures of cases",
        why="What a case is about, to be seen behind the sign-in. It is kept no longer than what guests send in.",
        columns={
            **key("picture_id", "case_id"),
            **plain("media_type", "width", "height"),
            "content": personal(PersonalKind.WORDS, "Picture", picture="media_type"),
            **colleague("added_by"),
            "at": personal(PersonalKind.CONDUCT, "Added on"),
        },
        kept=Kept.INBOUND,
        guests=OF_CASE,
        on_erasure=OnErasure.DELETED,
        dropped="at < %(before)s",
    ),
    Table(
        name="alert_call",
        what="Who was called",
        why="Who of the hotel was called of something that cannot wait, and whether it reached them.",
        columns={
            **key("notice_id", "alert_id"),
            **plain("turn", "channel", "called_at", "version", "state", "reason", "settled_at"),
            **colleague("member_id", "name"),
        },
        kept=Kept.GUEST,
        guests=OF_ALERT,
    ),
    Table(
        name="alert",
        what="What could not wait",
        why="Somebody of the hotel is called until one answers.",
        columns={
            **key("alert_id", "case_id", "task_id"),
            "because": personal(PersonalKind.CONDUCT, "Because", words=AlertReason),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "room": personal(PersonalKind.STAY, "Room", blank="null"),
            "raised_at": personal(PersonalKind.CONDUCT, "On"),
            **plain("next_at", "turn", "ended", "ended_at"),
            **colleague("answered_by"),
        },
        kept=Kept.GUEST,
        guests=OF_CASE,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="staff_task",
        what="Tasks of the staff",
        why="What colleagues ask of one another, now and then for a guest.",
        columns={
            **key("task_id", "case_id"),
            **key("guest_id", blank="null"),
            **plain("version", "department", "late_at"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            "title_sealed": personal(PersonalKind.WORDS, "Task", blank="null", sealed=Sealing.WORDS),
            "due_at": personal(PersonalKind.CONDUCT, "Due"),
            **colleague("owner_id", "made_by", "done_by"),
            "made_at": personal(PersonalKind.CONDUCT, "Made on"),
            "done_at": personal(PersonalKind.CONDUCT, "Done on"),
            **key("stay_id", blank="null"),
            **plain("journey", "journey_step"),
            "outcome": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="praise",
        what="Praise",
        why="What guests praised, for those they praised. It stays as a figure of the department.",
        columns={
            **key("praise_id"),
            **key("guest_id", blank="null"),
            "property": personal(PersonalKind.CONDUCT, "Hotel"),
            **plain("department"),
            **colleague("colleague_id", "colleague", "entered_by"),
            "words_sealed": personal(PersonalKind.WORDS, "In words", blank="null", sealed=Sealing.WORDS),
            "at": personal(PersonalKind.CONDUCT, "On"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.BLANKED,
    ),
    Table(
        name="duty_member",
        what="Duty lists",
        why="Who of the hotel is called when something cannot wait, and by what.",
        columns={
            **plain("member_id", "property", "place", "quiet_from", "quiet_until", "wakes"),
            **colleague("person_id", "name"),
            **colleague("number_sealed", "email_sealed", sealed=Sealing.NOTICE),
        },
        kept=Kept.ACCOUNT,
    ),
    Table(
        name="care_option",
        what="Departments and matters",
        why="What cases are sorted by, in the hotel's own words.",
        columns=plain("property", "list", "code", "name", "name_zh", "department", "active"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="care_terms",
        what="Terms of cases",
        why="By when a case is answered, and who waits for whom.",
        columns=plain("property", "hours", "answer_within", "alert_level"),
        kept=Kept.INSTALLATION,
    ),
)
