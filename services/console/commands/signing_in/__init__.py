"""How colleagues prove who they are: attempts, passwords, links for a new one, the identity provider, devices."""
