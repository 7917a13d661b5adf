-- A stay is found by the number of its reservation through its id, which is made of source, hotel and number. Of the index
-- of all numbers only the pairs of source and hotel were read, and every row of an import paid for the rest.
create index stay_source on stay (source, property);
drop index stay_number;
