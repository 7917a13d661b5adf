-- Stays are found by their reservation's number through `stay_known_reservation`, in whichever case it is written; a
-- second index of the same numbers cost every row of an import as much as the first.
drop index stay_known_by_number;
