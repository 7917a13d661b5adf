-- What a key lets its program do, until when, and when each service saw it last.

alter table api_key add column grants text[] not null default '{imports:write}';
alter table api_key alter column grants drop default;
alter table api_key add column expires_at timestamptz;

create table api_key_use (
    key_id uuid not null,
    service text not null,
    version bigint not null,
    used_at timestamptz not null,
    primary key (key_id, service)
);
