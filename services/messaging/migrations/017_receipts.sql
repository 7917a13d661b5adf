-- What is known of a message after its provider took it. `rank` only ever rises: receipts are repeated, late and out of
-- order. A receipt may come before the sender has written down that the provider took the message.
create table receipt (
    message_id uuid primary key,
    version bigint not null,  -- of what was published of it
    channel text not null,
    state text not null check (state in ('on_its_way', 'delivered', 'bounced', 'complained')),
    rank int not null,
    reason text,
    detail text,  -- the provider's code
    provider_ref text,
    price numeric(12, 5),
    currency text check (currency ~ '^[A-Z]{3}$'),
    price_due timestamptz,  -- when its provider is asked what it takes; null: known, or not asked any more
    happened_at timestamptz not null,
    reported_at timestamptz not null
);
create index receipt_bounced on receipt (reported_at) where state = 'bounced';
create index receipt_unpriced on receipt (price_due) where price_due is not null;
