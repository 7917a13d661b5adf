-- Cases in a hotel's own terms: where in the house, by when, who is called, what it cost; tasks by hand, and praise.

create table care_option ( -- a hotel's own departments and matters; of those that are shipped, only what was changed
    property text not null,
    list text not null check (list in ('department', 'matter')),
    code text not null check (code ~ '^[a-z0-9_]{1,40}$'),
    name text not null,
    name_zh text not null default '',
    department text, -- of a matter: who looks after it unless somebody says otherwise
    active boolean not null default true,
    primary key (property, list, code)
);

create table care_terms (
    property text primary key,
    hours int[] not null check (array_length(hours, 1) = 3 and 1 <= all(hours) and 720 >= all(hours)), -- by level
    answer_within int not null check (answer_within between 1 and 240), -- minutes, then the next one is called
    alert_level int not null check (alert_level between 1 and 4) -- of a low score; 4: never
);

create table duty_member (
    member_id uuid primary key,
    property text not null,
    place int not null,
    person_id uuid, -- null: a telephone that several carry
    name text not null,
    number_sealed text check (number_sealed like 'sealed:%'),
    email_sealed text check (email_sealed like 'sealed:%'),
    quiet_from time,
    quiet_until time,
    wakes boolean not null default true,
    check (number_sealed is not null or email_sealed is not null),
    check ((quiet_from is null) = (quiet_until is null))
);
create index duty_member_property on duty_member (property, place);

alter table care_case
    add column department text,
    add column matter text,
    add column room text,
    add column content text check (content in ('yes', 'no', 'unknown')),
    add column merged_into uuid references care_case,
    add column late_at timestamptz; -- when it was noticed that the deadline has passed
create index care_case_overdue on care_case (deadline) where closed_at is null and late_at is null;
create index care_case_merged on care_case (merged_into) where merged_into is not null;
-- Whoever was late before there were alerts is no news.
update care_case set late_at = deadline where closed_at is null;

alter table care_case drop constraint care_case_reason_check;
alter table care_case add check
    (reason in ('score', 'stop_inside', 'reply', 'desk', 'phone', 'email', 'review', 'said', 'urgent'));

alter table case_entry drop constraint case_entry_kind_check;
alter table case_entry add check (kind in ('assigned', 'note', 'closed', 'reopened', 'department', 'matter', 'room',
    'level', 'compensated', 'withdrawn', 'picture', 'picture_gone', 'merged', 'took_in', 'late'));

create table case_compensation (
    compensation_id uuid primary key, -- of the form: the same form gives once
    case_id uuid not null references care_case,
    property text,
    kind text not null,
    amount numeric check (amount > 0),
    currency text,
    approved_by_id uuid not null,
    approved_by text not null,
    given_by text not null,
    at timestamptz not null,
    month date not null, -- of the hotel's calendar, its first day
    withdrawn_at timestamptz,
    withdrawn_by text,
    check ((amount is null) = (currency is null)),
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index case_compensation_case on case_compensation (case_id);
create index case_compensation_month on case_compensation (property, month);

create table case_picture (
    picture_id uuid primary key, -- of its bytes and case: the same picture is kept once
    case_id uuid not null references care_case,
    media_type text not null check (media_type in ('image/jpeg', 'image/png', 'image/webp')),
    width int not null,
    height int not null,
    content bytea not null check (octet_length(content) <= 409600),
    added_by text not null,
    at timestamptz not null
);
create index case_picture_case on case_picture (case_id, at);

create table staff_task (
    task_id uuid primary key,
    version bigint not null,
    property text not null,
    title_sealed text,
    due_at timestamptz not null,
    department text,
    owner_id uuid,
    guest_id uuid,
    case_id uuid references care_case,
    made_by text not null,
    made_at timestamptz not null,
    done_at timestamptz,
    done_by text,
    late_at timestamptz,
    check (department is not null or owner_id is not null),
    check ((done_at is null) = (done_by is null))
);
create index staff_task_open on staff_task (property, due_at) where done_at is null;
create index staff_task_overdue on staff_task (due_at) where done_at is null and late_at is null;
create index staff_task_done on staff_task (property, done_at) where done_at is not null;
create index staff_task_guest on staff_task (guest_id) where guest_id is not null;
create index staff_task_case on staff_task (case_id) where case_id is not null;

create table praise (
    praise_id uuid primary key,
    property text not null,
    department text,
    colleague_id uuid,
    colleague text, -- the name as it was then
    guest_id uuid,
    words_sealed text,
    entered_by text not null,
    at timestamptz not null,
    check (department is not null or colleague is not null),
    check ((colleague_id is null) = (colleague is null))
);
create index praise_property on praise (property, at);
create index praise_guest on praise (guest_id) where guest_id is not null;

create table alert (
    alert_id uuid primary key,
    because text not null,
    case_id uuid references care_case,
    task_id uuid references staff_task,
    property text,
    room text,
    raised_at timestamptz not null,
    next_at timestamptz, -- when the next one is called; null: nobody is called any more
    turn int not null default 0, -- how many times somebody was called
    ended text check (ended in ('answered', 'given_up', 'nobody', 'settled')),
    ended_at timestamptz,
    answered_by text,
    check ((ended is null) = (next_at is not null)),
    check ((ended is null) = (ended_at is null))
);
create index alert_due on alert (next_at) where next_at is not null;
create index alert_case on alert (case_id);
create index alert_task on alert (task_id) where task_id is not null;
create index alert_unanswered on alert (property, raised_at) where ended in ('given_up', 'nobody') or ended is null;

create table alert_call (
    notice_id uuid primary key,
    alert_id uuid not null references alert,
    turn int not null,
    member_id uuid not null,
    name text not null,
    channel text not null check (channel in ('email', 'sms')),
    called_at timestamptz not null,
    version bigint not null default 0,
    state text not null default 'asked' check (state in ('asked', 'sent', 'failed', 'unknown')),
    reason text,
    settled_at timestamptz
);
create index alert_call_alert on alert_call (alert_id, turn);
