"""What guests say, as pages show and count it."""
