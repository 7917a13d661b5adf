"""Mews (Connector API): tells by webhook which orders and customers changed; is asked with two tokens in each body.

What a message could not deliver in time Mews discards, so changes are looked through every four hours, as it advises. A
reservation has neither a guest nor an amount in it: the customer and the order items are asked for with it, for many at
once. Half of the 200 requests within 30 seconds that a token may make are used.
"""
