"""What guests did and what was done for them, as columns of their facts: consents, messages, offers, answers, cases,
points, lists, journeys."""

from __future__ import annotations

from shared.vocabulary.channel import Channel

SENT = "state = 'sent' and version > 0"  # a receipt whose message is not known yet is no message that was sent


def receipts_sql(channel: Channel) -> str:
    """A message that came back did not arrive, whatever a mail server said first."""
    here = f"filter (where channel = '{channel}')"
    arrived = f"filter (where channel = '{channel}' and bounced_at is null)"
    return f"""
            max(delivered_on) {arrived} as {channel}_delivered_on,
            max(bounced_on) {here} as {channel}_bounced_on,
            max(complained_on) {here} as {channel}_complained_on,
            max(sent_on) filter (where channel = '{channel}' and {SENT}) as {channel}_written_on,
            max(clicked_on) {here} as {channel}_clicked_on,
            max(delivered_at) {arrived} > coalesce(max(bounced_at) {here}, '-infinity') as {channel}_arrives"""


def received_sql(channel: Channel) -> str:
    kinds = ", ".join(f"r.{channel}_{kind}_on" for kind in ("delivered", "bounced", "complained"))
    return f"{kinds}, coalesce(r.{channel}_arrives, false)"


def written_sql(channel: Channel) -> str:
    return f"r.{channel}_written_on, r.{channel}_clicked_on"


# What each of these tells of a guest; a table more in `CONDUCT` belongs here too.
HAS_CONDUCT = f"""({" or ".join(
    f"exists (select from {table} where guest_id = g.id offset 0)"
    for table in (
        "message_known", "journey_entered", "consent_known", "offer_known", "answer_known", "case_known", "loyalty",
        "guest_list_member",
    )
)} or exists (select from guest as former where former.merged_into = g.id offset 0))"""  # fmt: skip


def _of_some(name: str, found: str) -> str:
    """What is found of guests of whom something is; it is not even begun for the others."""
    return f"left join lateral (select * from ({found}) as found where g.has_conduct offset 0) as {name} on true"


WHOSE = """
    (select g.id union all select * from (select id from guest where merged_into = g.id offset 0) as merged) as whose
"""
OFFERS = """
    select array_agg(offer order by offer) filter (where given and not redeemed) as held,
        array_agg(offer order by offer) filter (where redeemed) as used,
        array_agg(offer order by offer) filter (where referred) as referred
    from (
        select offer, bool_or(what = 'given') as given, bool_or(what = 'redeemed') as redeemed,
            bool_or(what = 'referred') as referred
        from (
            select offer, what from offer_known where guest_id = g.id
            union all
            select offer, what
            from (select id from guest where merged_into = g.id offset 0) as former,
                lateral (select offer, what from offer_known where guest_id = former.id offset 0) as theirs
        ) as theirs group by offer
    ) as by_offer
"""
POINTS = """
    select case when abs(points) < 2000000000 then floor(points)::int end as points
    from (select * from loyalty where guest_id = g.id offset 0) as own_points
    order by as_of desc, told_at desc, id limit 1
"""
ANSWERS = f"""
    select answered_on, score, count(*) over () as answers, answer_id
    from {WHOSE}, lateral (select * from answer_known where guest_id = whose.id offset 0) as own_answers
    where not void and answered_on is not null
    order by answered_at desc, answer_id desc limit 1
"""
CASES = """
    select array_agg(distinct kind order by kind) filter (where open) as open,
        max(occurred_on) filter (where not open) as closed_on
    from (select * from case_known where guest_id = g.id offset 0) as own_cases
"""
LISTS = """
    select array_agg(distinct list order by list) as lists
    from (
        select list from guest_list_member where guest_id = g.id
        union all
        select theirs.list
        from (select id from guest where merged_into = g.id offset 0) as former,
            lateral (select list from guest_list_member where guest_id = former.id offset 0) as theirs
    ) as named
    where exists (select from guest_list where key = list and ended_at is null)
"""
JOURNEYS = f"""
    select array_agg(journey order by journey) as entered, max(entered_on) as entered_on,
        jsonb_object_agg(journey, entered_on) as entered_days
    from (
        select journey, max(entered_on) as entered_on
        from {WHOSE}, lateral (select * from journey_entered where guest_id = whose.id offset 0) as their_journeys
        where stay_id is null or exists (select from stay where stay.id = stay_id and stay.guest_id = g.id)
        group by journey
    ) as each_once
"""
RECEIPTS = f"""
    select {", ".join(map(receipts_sql, Channel))},
        array_agg(distinct journey order by journey) filter (where {SENT}) as journeys
    from (select * from message_known where guest_id = g.id offset 0) as own_messages
"""
LEDGER = f"""
    select {", ".join(f"max(state) filter (where channel = '{each}') as {each}" for each in Channel)}
    from consent_known where guest_id = g.id and purpose = 'marketing'
"""
# `l`: consents in messaging's ledger; `v`: offers; `r`: messages; `y`: points; `w`: answers; `t`: what the last one
# speaks of; `k`: cases; `i`: lists; `j`: journeys. Each by key. What stands of those who were merged into a guest
# counts for the guest where it is not moved with the merge.
CONDUCT = f"""
    {_of_some("l", LEDGER)}
    {_of_some("v", OFFERS)}
    {_of_some("r", RECEIPTS)}
    {_of_some("y", POINTS)}
    {_of_some("w", ANSWERS)}
    left join lateral (
        select praised, criticised from (select * from answer_topics where answer_id = w.answer_id offset 0) as spoken
    ) as t on true
    {_of_some("k", CASES)}
    {_of_some("i", LISTS)}
    {_of_some("j", JOURNEYS)}
"""
