-- Blocks of mails that are kept under a name, by language; and mails that are brought from elsewhere, as they were until
-- somebody makes a template of them.

create table saved_block (
    block_id uuid primary key,
    hotel text, -- whose it is; null: every hotel's
    name text not null check (name <> ''),
    bodies jsonb not null, -- by language, a list of blocks
    version int not null default 1,
    saved_by text not null,
    saved_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null
);
create unique index saved_block_name on saved_block (coalesce(hotel, ''), lower(name));

create table mail_import (
    import_id uuid primary key,
    name text not null check (name <> ''),
    source text not null,
    choices jsonb not null default '{}', -- by what is written there, the value that stands there instead
    pictures jsonb not null default '{}', -- by address, the file of the library that was taken from there
    brought_by text not null,
    brought_at timestamptz not null
);
create index mail_import_age on mail_import (brought_at);
