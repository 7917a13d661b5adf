-- Dashboards: figures that colleagues put together, and whom they show them to.
create table dashboard (
    dashboard_id uuid primary key,
    version int not null,
    name text not null check (name <> ''),
    owner_id uuid not null,
    owner text not null,
    shared_with text[] not null, -- roles; none: the owner's alone
    tiles jsonb not null, -- in order: figure, cut, value, span
    changed_at timestamptz not null,
    changed_by text not null
);
create index dashboard_owner on dashboard (owner_id);
