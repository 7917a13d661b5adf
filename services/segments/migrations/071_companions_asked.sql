-- With how many others a guest came to the last stay. Null where nobody said.
alter table guest_facts add column last_companions int;
