-- What may be an objection: until a person has read it, offers and surveys wait for every guest it may speak for.

create table objection_unread (
    reply_id uuid not null,
    point text not null,
    version bigint not null,
    channel text not null,
    guest_id uuid,
    unread boolean not null,
    since timestamptz not null,
    primary key (reply_id, point)
);
create index objection_unread_point on objection_unread (point) where unread;
create index objection_unread_guest on objection_unread (guest_id) where unread;
