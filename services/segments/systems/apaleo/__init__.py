"""Apaleo: tells by webhook which reservation or booking changed, by number; is read with an OAuth client.

Its webhooks carry no signature: the address that is entered there holds a secret. A guest has no number of their own
and no consent; the booker may be an agency, so nothing of a guest is taken from there.
"""
