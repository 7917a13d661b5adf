"""Messages that ended for an error of ours with them alone: how many, since when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.messaging.queries.going_live import WENT_LIVE_AFTER
from services.messaging.queries.scope import GUEST_SEEN
from shared.access.scope import Scope, within
from shared.database.pool import Tx

SHOWN_FOR = timedelta(days=14)  # after they ceased to be of use
UNWRITTEN = "state = 'failed' and reason in ('unwritable', 'unjudged')"
IN_SCOPE = f"""({within("delivery.property")} or (delivery.property is null and exists (
    select from recipient as guest where guest.guest_id = delivery.guest_id and {GUEST_SEEN})))"""


@dataclass(frozen=True)
class Unwritten:
    """`name`: the template's; `useful`: how many would still come in time."""

    template: str
    name: str
    messages: int
    useful: int


@dataclass(frozen=True)
class Why:
    """`reason`: a `Reason`; `detail`: the kind of error, for whoever mends it; `before_live`: of those that came too
    late, how many for the sole reason that they were due before the house went live, at `went_live_at`."""

    reason: str
    detail: str | None
    messages: int
    useful: int
    since: datetime
    before_live: int
    went_live_at: datetime | None


def by_template(tx: Tx, scope: Scope, now: datetime) -> list[Unwritten]:
    return tx.rows(
        Unwritten,
        f"""
        select template, coalesce((select document->>'name' from template_version v where v.key = delivery.template
                                   order by version desc limit 1), template) as name,
               count(*)::int as messages, count(*) filter (where useful_until > %(now)s)::int as useful
        from delivery where {UNWRITTEN} and useful_until > %(shown)s and {IN_SCOPE}
        group by template order by template
        """,
        {**scope.values, "now": now, "shown": now - SHOWN_FOR},
    )


def of_template(tx: Tx, template: str, scope: Scope, now: datetime) -> list[Why]:
    return tx.rows(
        Why,
        f"""
        select reason, provider_detail as detail, count(*)::int as messages,
               count(*) filter (where useful_until > %(now)s)::int as useful, min(changed_at) as since,
               count({WENT_LIVE_AFTER})::int as before_live, max({WENT_LIVE_AFTER}) as went_live_at
        from delivery where template = %(template)s and {UNWRITTEN} and useful_until > %(shown)s and {IN_SCOPE}
        group by reason, provider_detail order by messages desc, reason, detail
        """,
        {"template": template, **scope.values, "now": now, "shown": now - SHOWN_FOR},
    )
