"""Other systems' reservations: fetched after they say that something changed, or sent whole.

A system is a folder: what its documents mean (`bodies`), how it is asked and what it says has changed (`asks`). The
registry names them all. What is read of each is a `Statement`, which becomes the very row that a file gives; from there
on there is one way for all.

1. a door takes what a system says has changed: numbers alone, into the inbox, in one transaction; 200
2. the role asks for changes from where it left off, a page at a time: numbers into the inbox and the new place in one
   transaction; so what was told and lost is found
3. the role fetches what the numbers name, with no transaction open, at the system's pace
4. what was fetched is entered, and its numbers leave the inbox, in one transaction

What is told twice is one number. A process that dies after 3 fetches again; a number that is told while it is fetched
is fetched once more. Whatever is stated says as of when: what is older than what is known changes nothing, so that any
order of any number of deliveries ends in the same state.
"""
