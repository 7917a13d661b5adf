"""OPERA Cloud (OHIP): its business events are a queue that is read, by hotel; reservations and profiles by number.

Reading the queue empties it: what it held is kept before anything is done with it, and should a process die in between,
the nightly look through the reservations finds what is lost. Its hours have no offset: they are the hotel's.
"""
