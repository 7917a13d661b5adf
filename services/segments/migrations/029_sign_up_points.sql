-- The contact points a guest signed up with, as blind indexes: after a merge is taken back, a sign-up is its address's.
alter table sign_up add column points text[] not null default '{}';
create index sign_up_points on sign_up using gin (points);
