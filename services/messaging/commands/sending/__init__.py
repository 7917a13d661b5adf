"""From due to recorded: the claim and the gate, the texts, what the senders answered."""
