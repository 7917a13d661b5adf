"""The domains that mail is from: their keys, and what DNS says of them."""
