-- A stranger who was taken for the wrong guest is a stranger again: what came by which recognition is marked, so that it
-- can go back.
alter table recognition
    add column taken_back_by text,
    add column taken_back_at timestamptz,
    add check ((taken_back_by is null) = (taken_back_at is null));
alter table reply add column recognised_by uuid;
alter table thread_answer add column recognised_by uuid;
create index reply_recognised on reply (recognised_by) where recognised_by is not null;
create index thread_answer_recognised on thread_answer (recognised_by) where recognised_by is not null;

-- Of guests' own points no address is kept: what has one came from where they were recognised.
update reply set recognised_by = made.recognition_id
from (select distinct on (channel, point, guest_id) * from recognition order by channel, point, guest_id, at desc) as made
where reply.guest_id = made.guest_id and reply.channel = made.channel and reply.point = made.point
  and address_sealed is not null;
update thread_answer as answer set recognised_by = made.recognition_id
from (select distinct on (channel, point, guest_id) * from recognition order by channel, point, guest_id, at desc) as made
where answer.guest_id = made.guest_id and answer.channel = made.channel and answer.point = made.point
  and not to_stranger;
