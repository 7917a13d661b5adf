-- Pages on which guests sign up by themselves. A wording is never changed: consents cite its version.
create table sign_up_form (
    code text primary key,
    name text not null,
    property text,  -- null: of the whole house
    version int not null,  -- the newest wording
    state text not null check (state in ('draft', 'published', 'withdrawn')),
    changed_at timestamptz not null
);

create table sign_up_wording (
    form text not null references sign_up_form (code),
    version int not null,
    document jsonb not null,
    made_by text not null,
    made_at timestamptz not null,
    primary key (form, version)
);

-- What guests sent. What they typed is kept until it is taken over, and longer only where the desk has to decide.
create table sign_up (
    id uuid primary key,
    form text not null,
    form_version int not null,
    property text,
    page text not null check (page in ('join', 'kiosk')),
    language text not null,
    boxes text[] not null,
    given_name text not null default '',
    family_name text not null default '',
    birth_date date,
    email_sealed text,
    phone_sealed text,
    network text not null default '',
    said_at timestamptz not null,
    state text not null check (state in ('waiting', 'taken', 'differs', 'settled')),
    guest_id uuid,
    differs text[] not null default '{}',
    settled_by text,
    settled_at timestamptz
);
create index sign_up_waiting on sign_up (said_at, id) where state = 'waiting';
create index sign_up_differs on sign_up (said_at, id) where state = 'differs';
create index sign_up_guest on sign_up (guest_id);
