"""What limits sending: how often guests want offers, and what the house changed of the rules by country."""
