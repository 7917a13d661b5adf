"""A journey in words: each part of its document as a sentence, whole in every language."""
