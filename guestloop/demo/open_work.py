"""What waits for somebody when the demo is opened: two guests who spoke up at the desk today."""

from __future__ import annotations

from datetime import datetime, timedelta

from guestloop.composition.services import Group
from services.feedback.commands.cases import Opening, open_case
from shared.vocabulary.case import CaseKind, CaseReason

COMPLAINTS = {
    "LIS": (CaseKind.COMPLAINT, "The safe in the room does not open, and nobody came back about it.", "Filipa Faria"),
    "SHA": (CaseKind.FOLLOW_UP, "隔壁施工，中午没法休息，希望换房。", "Wei Wang"),
}
SPOKE_UP = {"LIS": timedelta(hours=3), "SHA": timedelta(hours=7)}
IN_HOUSE = """
    select guest_id, stay_id from stay_known
    where status = 'checked_in' and property = %s
    order by arrival desc, reservation
    limit 1
"""


def leave_open_work(group: Group, now: datetime) -> None:
    with group.database("feedback").transaction() as tx:
        for code, (kind, words, by) in COMPLAINTS.items():
            guest = tx.execute(IN_HOUSE, (code,)).fetchone()
            if guest is not None:
                at = now - SPOKE_UP[code]
                opening = Opening(
                    ref=f"demo desk {code}",
                    guest_id=guest[0],
                    stay_id=guest[1],
                    property=code,
                    reason=CaseReason.DESK,
                    kind=kind,
                    level=2 if kind == CaseKind.COMPLAINT else 1,
                    words=words,
                    by=by,
                )
                open_case(tx, opening, at)
