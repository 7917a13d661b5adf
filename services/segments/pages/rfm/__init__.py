"""RFM: who is worth what, and what to do about it."""
