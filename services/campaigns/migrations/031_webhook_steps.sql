-- Journeys tell the house's own systems of a guest.
alter table deed drop constraint deed_kind_check, add constraint deed_kind_check check (
    kind in ('task', 'update', 'webhook')
);
