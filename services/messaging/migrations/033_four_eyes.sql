-- What colleagues say of a template, and a second person's word before it is published, where the house wants it.
alter table template_draft add column edited_by_id uuid; -- null: saved before this was noted

alter table template_version add column approved_by text; -- null: nobody had to

create table template_comment (
    comment_id uuid primary key,
    key text not null, -- of the template
    language text not null, -- empty: all of it
    about text not null, -- what of it, as it read then
    words text not null,
    said_by text not null,
    said_by_id uuid not null,
    said_at timestamptz not null,
    resolved_by text,
    resolved_at timestamptz
);
create index template_comment_key on template_comment (key, said_at);

-- Of a draft as it stood: saved again, it is another one, and needs the word anew.
create table template_approval (
    key text primary key references template_draft on delete cascade,
    version int not null, -- of the draft
    asked_by text not null,
    asked_by_id uuid not null,
    asked_at timestamptz not null,
    approved_by text,
    approved_by_id uuid,
    approved_at timestamptz,
    check (approved_by_id is null or approved_by_id <> asked_by_id)
);

create table template_rule (
    single boolean primary key default true check (single),
    needs_approval boolean not null,
    chosen_by text not null,
    chosen_at timestamptz not null
);
