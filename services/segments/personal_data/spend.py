"""What guests spent."""

from __future__ import annotations

from shared.personal_data.columns import key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

SPEND = (
    Table(
        name="spend",
        what="What was spent",
        why="Lines of bills by outlet, as the hotel's systems tell them: what a guest likes, and what they are worth.",
        columns={
            **key("id", "guest_id", "stay_id"),
            **plain("changed_at"),
            "source": personal(PersonalKind.STAY, "Stated by"),
            "property": personal(PersonalKind.STAY, "Hotel"),
            "number": personal(PersonalKind.STAY, "Line of the bill"),
            "outlet": personal(PersonalKind.STAY, "Where it was spent"),
            "amount": personal(PersonalKind.STAY, "Amount", money="currency"),
            "currency": personal(PersonalKind.STAY, "Currency"),
            "day": personal(PersonalKind.STAY, "Charged on"),
        },
        kept=Kept.GUEST,
        guests="""(guest_id = any(%(guests)s::uuid[])
            or stay_id in (select id from stay where guest_id = any(%(guests)s::uuid[])))""",
        on_erasure=OnErasure.DELETED,
    ),
)
