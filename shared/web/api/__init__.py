"""What the JSON API of every service is made of: reading, pages by cursor, lines of a bulk, and the description."""
