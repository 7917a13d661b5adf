"""Journeys: their list, their pages, their launch, and what the home page shows of them."""
