"""What all channels that ring a telephone have in common: the hours by country."""
