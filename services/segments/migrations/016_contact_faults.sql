-- Why a contact point is bad, and in which other spellings it was kept before it was cleaned: subscribers find by these
-- what they keep of it. `cleaning`: how far the stored points have been cleaned, once.

alter table contact_point add column fault text;
alter table contact_point add column forms_sealed text;
-- a provider's word: how often it changed, and what the point was before it
alter table contact_point add column refused_version bigint not null default 0;
alter table contact_point add column refused_kind text;

create table cleaning (
    id int primary key check (id = 1),
    after text not null default '',
    done_at timestamptz
);
