"""What pages and files tell of a guest: contact points and consents, where they come from, the way out."""
