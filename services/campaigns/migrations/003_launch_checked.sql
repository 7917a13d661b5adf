-- When somebody last looked at what a launch would bring.
alter table journey add column checked_at timestamptz;
