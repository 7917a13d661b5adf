"""RFM: its bands as they are kept, and the counts of a night."""
