-- Whose messages wait because their sender takes nothing. One row an outage, whichever role met it first.

create table sender_outage (
    sender text primary key, -- the channel of the environment's sender, or the number of one of the house's own
    channel text not null,
    since timestamptz not null,
    last_at timestamptz not null, -- when it was last tried in vain
    reason text not null,
    detail text -- the provider's code
);

-- Since when a message that was offered in vain waits for another attempt; null where nothing keeps it but its own hour.
alter table delivery add column waiting_since timestamptz;
create index delivery_waiting on delivery (lane, waiting_since) where state = 'queued' and waiting_since is not null;
