-- While a key of the blind index is being turned, an address is known by an index under each key. Here one of them names the
-- contact point, the others lead to it: what comes late under another key, an objection above all, meets the same rows.
create table point_alias (
    alias text primary key,
    point text not null,
    check (alias <> point)
);
create index point_alias_point on point_alias (point);
