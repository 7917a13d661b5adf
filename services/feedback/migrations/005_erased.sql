-- Each event asks whether its guests are erased.
create index guest_known_erased on guest_known (guest_id) where gone and into_guest_id is null;
