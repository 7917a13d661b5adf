"""RFM: its bands are chosen, its guests counted every night."""
