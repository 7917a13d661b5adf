-- What guests read, version by version, and the mailbox of the sandbox sender.

create table template (
    key text primary key,
    newest int not null check (newest > 0)
);

create table template_version (
    key text not null references template,
    version int not null check (version > 0),
    document jsonb not null,
    published_by text not null,
    published_at timestamptz not null,
    primary key (key, version)
);

create function refuse_template_change() returns trigger language plpgsql as $$
begin
    raise exception 'version % of template % is published and never changes', old.version, old.key;
end
$$;

create trigger template_version_is_final before update or delete on template_version
    for each row execute function refuse_template_change();

-- What would have left, where nothing leaves the house. The address is sealed; `page` is the HTML, deflated.
create table sandbox_message (
    message_id uuid primary key,
    channel text not null check (channel in ('email', 'sms')),
    purpose text not null,
    language text not null,
    address_sealed text not null,
    from_name text not null,
    subject text not null,
    body text not null,
    page bytea,
    sent_at timestamptz not null
) with (toast_tuple_target = 4096);  -- a mail stands in its row: nothing is gained by keeping its page apart
create index sandbox_message_sent on sandbox_message (sent_at, message_id);
