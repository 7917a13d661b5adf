-- Strangers are answered where they wrote from, and a person says which guest they are.

-- Where a stranger wrote from, sealed for messaging: feedback keeps no address of a guest.
alter table reply add column address_sealed text;

-- Of a stranger, `guest_id` is the number of their thread.
alter table thread_answer add column to_stranger boolean not null default false;
create index thread_answer_point on thread_answer (point) where to_stranger;

-- Who was found to be which guest, by whom. What comes from such a point while nobody else is known by it is theirs.
create table recognition (
    recognition_id uuid primary key,
    stranger_id uuid not null, -- the number of their thread
    guest_id uuid not null,
    channel text not null check (channel in ('email', 'sms')),
    point text not null,
    by_name text not null,
    at timestamptz not null
);
create index recognition_point on recognition (point, at);
create index recognition_guest on recognition (guest_id);

-- Guests are found by the beginnings of their names, as threads are.
create index guest_known_words on guest_known using gin (words_of(folded(family_name || ' ' || given_name)));

-- Threads are found by the last digits of the number, and by a word of the address, that was written from: hashes.
alter table thread add column found_by int[] not null default '{}';
create index thread_found_by on thread using gin (found_by);
