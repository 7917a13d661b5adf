-- Since when somebody is in a segment, of those segments of which a rule asks for how long it has been so.
alter table segment add column days_kept bool not null default false;
create table membership_since (
    guest_id uuid not null,
    segment int not null references segment,
    since date not null,  -- in the guest's home zone
    primary key (guest_id, segment)
);
create index membership_since_segment on membership_since (segment, since);

-- Words of addresses are found by ten letters too: all guests are made findable anew, a moment later.
insert into guest_search_due select id from guest where merged_into is null and erased_at is null;
