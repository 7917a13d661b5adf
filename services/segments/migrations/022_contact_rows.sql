-- Rows of lists (newsletter, VIP, corporate) that were taken, so that the same list brings nothing twice: no tag that
-- somebody took away comes back with it.
create table contact_row (
    id uuid primary key,  -- made of the source, the hotel, the list and whom the row names
    guest_id uuid not null references guest,
    row_hash bytea not null,
    list text not null,
    file text not null,  -- the name of the file that brought it last
    handed_in_at timestamptz not null
);
create index contact_row_guest on contact_row (guest_id);
