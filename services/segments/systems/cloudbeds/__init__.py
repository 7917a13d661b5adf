"""Cloudbeds (PMS API 1.3): tells by webhook which reservation changed; is asked with a key.

The names of its fields differ by event in their letters' case, numbers come as text, and days have no offset. Its
webhooks are not signed. Amounts are in the hotel's currency, which a reservation does not name. Half of the five
requests that a hotel may get within a second are used.
"""
