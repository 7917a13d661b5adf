"""Messaging: templates, senders, recipients, consent, suppression, caps and deliveries.

It hears what campaigns asks for and takes back, guests and stays, objections, complaints and properties; it says what
became of each message and what guests allow. One gate stands before every message that is sent.

Rooms beside the usual ones: `senders` (a module a provider), `reconcile` (a clock that asks providers what became of
what is unclear), `wording` (what guests read is documents with a small language of their own), `tables` (data by
country that ships with the product, with source and date).
"""
