-- A number that the rows lie in the order of needs no tree of its own, and which version said first that a message went is read by nobody.
alter table message_known drop constraint message_known_seq_key;
alter table message_known alter column version drop not null;
