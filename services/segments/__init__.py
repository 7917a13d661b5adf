"""Guests, their stays, and who belongs to which segment.

Owns guests (profile, identity, contact points, consents as sources claim them), stays, segments and membership.
Subscribes to hotels, consents, messages, answers, cases, launches and templates. Publishes guest.*, stay.*, audience.*.

Two rooms more than other services: `facts`, all that a rule may ask about a guest, and `imports`, where a file is read
before its first row is entered.
"""
