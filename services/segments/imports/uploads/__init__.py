"""Uploaded files, from their arrival until they are imported or discarded: in a folder that web and imports share, or
sealed in an object store where one is set.
"""
