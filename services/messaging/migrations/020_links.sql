-- Links in what guests read, by number as they were published: a tracked link leads to its target and nowhere else.
create table link (
    template text not null,
    version int not null,
    language text not null,
    channel text not null,
    number int not null check (number > 0),
    target text not null, -- values may stand in it
    utm boolean not null, -- whether the page it leads to is told where the guest came from
    primary key (template, version, language, channel, number),
    foreign key (template, version) references template_version
);

-- Where a hotel or a country chose otherwise: clicks are not counted and links lead straight, or nothing is added.
create table link_choice (
    kind text not null check (kind in ('property', 'country')),
    key text not null,
    clicks boolean not null,
    utm boolean not null,
    chosen_by text not null,
    chosen_at timestamptz not null,
    primary key (kind, key)
);

-- Requests of tracked links that may be clicks, until they are judged together with those around them, and a while
-- longer for the ones that follow. `source`: a keyed hash of where it came from.
create table link_visit (
    id bigint generated always as identity primary key,
    message_id uuid not null,
    number int not null,
    at timestamptz not null,
    source text not null,
    known text, -- why it is no guest's click, where that shows at once
    judged boolean not null default false
);
create index link_visit_due on link_visit (at, id) where not judged;
create index link_visit_message on link_visit (message_id, number);
create index link_visit_source on link_visit (source, at);
create index link_visit_old on link_visit (at) where judged;

-- What is known of a message's link: `counted` only ever rises. The first instant counts.
create table click (
    message_id uuid not null,
    number int not null,
    counted boolean not null,
    reason text, -- why it is not counted
    at timestamptz not null,
    primary key (message_id, number),
    check (counted = (reason is null))
);
