"""Templates: their list, the editor beside a live preview, what is said of it, and what is tried."""
