"""Messaging: templates, offers and their codes, senders, recipients, consent, suppression, caps and deliveries.

It subscribes to what campaigns asks for and takes back, guests, stays, segments, objections, complaints and hotels; it
publishes what became of each message and what guests allow. One gate stands before every message that is sent.

Rooms beside the usual ones: `channels` (all that a channel is, a folder each), `library` (templates as documents),
`wording` (the small language they are written in, names, languages), `tables` (data by country that ships with the
product), `notices` (what colleagues are written, and its words), `sender_role` (claims, sends, records), `notices_role`
(the same for notices, past the gate), `reconcile` (looks up at the provider what is unclear), `codes_role` (adds codes
to offers), `domains_role` (asks DNS about the domains that mail is from) and `rehearsal_role` (asks the gate about days
to come, on a copy).
"""
