"""Guests, their stays, and who belongs to which audience.

Owns guests (profile, identity, contact points, consents as sources claim them), stays, segments and membership. Hears
properties, consents, messages, answers and cases, and updates asked for by journeys. Says guest.*, stay.* and
audience.changed. One room more than other services: `imports`, where a file is read before its first row is entered.
"""
