-- A recipient is never deleted, and her contact points are written right after her by the same command.
alter table recipient_point drop constraint recipient_point_guest_id_fkey;
