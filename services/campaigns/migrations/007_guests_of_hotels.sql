-- Whose guests somebody sees is decided by their stays.
create index stay_known_guest on stay_known (guest_id, property);
