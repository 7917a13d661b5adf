-- How likely two filed guests are one person (0 to 1), and by what; null: filed by a key that both carry.
alter table possible_duplicate add column score real check (score between 0 and 1);
alter table possible_duplicate add column reasons text[] not null default '{}';

-- `likeness`: no key in common; the names are alike, and the birth date agrees.
alter table possible_duplicate drop constraint possible_duplicate_key_check;
alter table possible_duplicate add constraint possible_duplicate_key_check
    check (key in ('email', 'phone', 'name_birth', 'likeness'));
