-- The stay of an erased guest stays counted without the guest, so that what is left of it may be told again.
alter table stay_counted alter column guest_id drop not null;

-- Of guests erased so far sums stand for which no row is left, and which nothing could take back: where there are any,
-- all is filled anew by `republish stays`, which the upgrade asks for.
delete from stay_day where exists (select from guest_forgotten);
delete from stay_counted where exists (select from guest_forgotten);
