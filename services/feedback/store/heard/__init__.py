"""What guests say, understood by topic; reviews; what a hotel does about a topic."""
