-- Which events other systems want to be told of: a copy of what console decides, without address and secret.
create table webhook_known (
    webhook_id uuid primary key,
    version bigint not null,
    types text[] not null -- empty: ended
);
