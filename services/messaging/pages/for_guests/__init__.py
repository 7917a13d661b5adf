"""What guests see by a link of their own, without a session: the way out, a confirmation, a picture of an answer."""
