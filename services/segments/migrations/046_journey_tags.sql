-- Tags that journeys gave or took: the last word of journeys on each tag of a guest.
create table journey_tag (
    guest_id uuid not null,
    tag text not null,
    update_id uuid not null,
    requested_at timestamptz not null,
    given boolean not null,
    journey text not null,
    journey_name text not null,
    refused text, -- why it was not done: restricted, too_many
    primary key (guest_id, tag)
);
