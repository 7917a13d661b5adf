-- A notice that brings its whole mail: a report with its charts. It goes with the other words once it is settled.
alter table notice add column body_sealed text check (body_sealed like 'sealed:%'),
    add check (state in ('queued', 'claimed', 'unknown') or body_sealed is null);
