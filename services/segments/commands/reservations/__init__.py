"""Rows of reservations and of lists into guests and stays.

One way that every row goes, a step a file: more than fifteen files, because a folder for a part would hide the way.
"""
