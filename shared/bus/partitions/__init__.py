"""More than one active relay a service: its outbox in partitions by subject, each relayed by one process at a time.

A partition is a stable hash of a subject's key, modulo their number. `spread` splits what is published, so that all
subjects of a message are of one partition; the row says which, and of how many. `turns` says which partitions a relay
has, `pending` what it may publish of them.

Order. What is published of one subject leaves in the order in which it was written, within a lane, as with one relay
(what was put off is passed, there and here). A row that was split by another number than the relays' (before the number
was changed, by a role that is told another one, by the version before) may hold subjects of every partition: it waits
for all rows before it, and all rows after it wait for it. So the number may be changed at any time, with messages
pending; until those are gone, one relay does most of the work.

Agreement. Every active relay holds the service's relay lock, shared; the one of a single partition holds it alone, as
relays of versions before did. The number that the others go by is a row, changed only by who holds that lock alone: a
relay that is told another number stands by until they are gone. A partition's own lock is of the same session. Whoever
has more than its share gives the last ones up between two batches, whoever has less takes what is free; what nobody
takes for a moment is taken by anybody.

Crashes. A relay that dies leaves its partitions to the others, with their pending rows: what it had published and not
marked goes out once more, and the inbox drops it. A partition counts what its relay knows of the broker's connections
for itself, so that what a broker forgot is sent again also where another relay takes over.
"""
