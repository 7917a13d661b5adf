-- A goal may be an offer that was used: then the row names the use, and a stay only where it was told.
alter table goal alter column stay_id drop not null;
alter table goal add column redemption_id uuid;
