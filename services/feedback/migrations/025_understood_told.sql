-- What the words of answers speak of is told to others: each time with a greater version.
alter table heard_text add column version bigint not null default 1;
