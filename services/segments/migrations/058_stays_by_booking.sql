-- Who booked, and who cancelled, in which days: the guests behind lead time and cancellation.
create index stay_booked_on on stay (booked_on);
create index stay_cancelled_arrival on stay (arrival) where status = 'cancelled';
