"""What guests say anywhere: reviews, texts by topic, answers by hand, what is done about a topic."""
