"""The guests in a journey, and a guest's own story."""
