"""The invented hotel group of `guestloop up --demo`: a house in Lisbon, a house in Shanghai, two years of stays.

Its last twelve months are played through the real engine on the virtual clock; from then on the hotels live on by the
machine's clock: guests arrive, leave and answer while somebody looks.
"""
