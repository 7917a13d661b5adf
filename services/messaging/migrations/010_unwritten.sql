-- Messages that ended for an error of ours with them alone: a person sees them by template and has them tried again.
create index delivery_unwritten on delivery (template, changed_at)
    where state = 'failed' and reason in ('unwritable', 'unjudged');
