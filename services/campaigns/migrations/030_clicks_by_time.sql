-- Clicks of a window of time, from which bookings won are counted.
create index message_clicked on message (clicked_at) where clicked_at is not null;
