"""What guests say anywhere is understood by topic, corrected by the hotel, and acted on."""
