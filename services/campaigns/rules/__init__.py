"""The state machine of journeys: pure functions from what is known to what is decided."""
