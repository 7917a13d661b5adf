-- Opt-outs are watched as well, by the hotel at which the guest stayed last; the house may have the duty lists told by
-- text message.
alter table signal_seen drop constraint signal_seen_kind_check,
    add check (kind in ('complaint', 'answer', 'bounce', 'spam', 'opt_out'));
alter table warning_setting add column calls_duty boolean not null default false;
