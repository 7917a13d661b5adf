"""Segments: the list, the form in which a rule is written, and a segment's own figures.

Sixteen lie side by side: seven pages, what the form is made of, and a rule in words; the form and the words are one
thing to a reader.
"""
