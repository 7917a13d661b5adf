-- migrate: concurrently
-- A guest's messages are few and are sorted as they are read: channel and time in the index cost as much as the guest.
create index concurrently if not exists message_known_of_guest on message_known (guest_id);
drop index concurrently if exists message_known_guest;
