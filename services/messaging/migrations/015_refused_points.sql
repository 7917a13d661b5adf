-- Addresses and numbers at which a provider said for good that nobody is reached: nothing is sent there until somebody
-- says that it is right after all. `forms_sealed`: other spellings of a point, under which an erased guest may have
-- objected.

create table refused_point (
    channel text not null,
    point text not null,
    version bigint not null,
    since timestamptz not null,
    detail text,
    lifted_at timestamptz,
    lifted_by text,
    primary key (channel, point)
);

alter table recipient_point add column forms_sealed text;
