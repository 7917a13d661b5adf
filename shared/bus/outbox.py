"""The transactional outbox: events are written in the transaction that changes the state they describe.

Delivery. `publish` writes rows; nothing else leaves a service. The rows commit with that state, or neither does:
there is no message about what did not happen, and nothing that happened goes unpublished. A row stays
pending until the relay (`shared.bus.relay`) has the broker's confirm for it, however often that takes, and is kept 7
days after that, so that it can be sent again.

Order. None is promised. Rows leave roughly in the order of `id`, the stay lane first, but several queues, several
consumers, a nack or a resend reorder them. Each subject carries its key, its version and its full state, so that a
subscriber applies the greater version and needs no order.

Duplicates. A message may leave more than once, always under the same `message_id`; the subscriber's inbox
(`shared.bus.consumer`) applies it once per subscription. The id is derived from service, type, instant, body and the
row's number: the same body published twice makes two messages, and a run repeated on a virtual clock the same ids.

Crashes. Before the commit: no state, no rows. After it: rows pending, the relay sends them once it runs again. In
between there is nothing: it is one commit.
"""

from __future__ import annotations

import json
from datetime import datetime

from shared.bus.partitions.spread import spread
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, Lane
from shared.events.envelope import headers_of
from shared.events.wire import encode
from shared.ids import make_id
from shared.telemetry.tracing import span

MOST_SUBJECTS = 500


def publish(tx: Tx, chunk: Chunk, *, at: datetime, lane: Lane | None = None) -> None:
    """Publish a chunk as of `at`, in messages of at most 500 subjects, on its type's lane or the one given.

    Where the outbox is in partitions, all subjects of a message are of one. Raises `MalformedEvent` where the chunk
    does not fit the dictionary, ValueError where the type is another service's.
    """
    name = chunk.type.name
    if tx.service not in chunk.type.publishers:
        raise ValueError(f"{name} is not {tx.service}'s to publish")
    if not len(chunk):
        return
    spread_out = [(part, piece) for part, some in spread(chunk, tx.partitions) for piece in some.pieces(MOST_SUBJECTS)]
    pieces = [piece for _, piece in spread_out]
    bodies = [encode(piece) for piece in pieces]
    seeds = [str(make_id("message", tx.service, name, at.isoformat(), body.decode())) for body in bodies]
    with span(f"enqueue {name}", "producer", service=tx.service, subjects=len(chunk)):
        headers = headers_of(name, tx.service, at, republished=chunk.republished)
    tx.execute(
        WRITE,
        {
            "type": name,
            "lane": str(lane or chunk.type.lane),
            "headers": json.dumps(headers),
            "at": at,
            "seeds": seeds,
            "bodies": bodies,
            "subjects": [len(piece) for piece in pieces],
            "partitions": tx.partitions,
            "parts": [part for part, _ in spread_out],
        },
    )


WRITE = """
    insert into outbox (
        id, message_id, type, lane, headers, body, subjects, created_at, available_at, partitions, part
    )
    overriding system value
    select id, md5(seed || ':' || id)::uuid, %(type)s, %(lane)s, %(headers)s::jsonb, body, subjects, %(at)s, %(at)s,
        %(partitions)s, part
    from (
        select nextval('outbox_id_seq') as id, piece.*
        from unnest(%(seeds)s::text[], %(bodies)b::bytea[], %(subjects)s::int[], %(parts)s::int[])
            as piece (seed, body, subjects, part)
    ) as numbered
"""
