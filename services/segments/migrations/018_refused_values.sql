-- What stood in the cell for which a row was refused, masked.
alter table import_reject add column value text not null default '';
