"""Everybody's rights: a guest's file, how long what is kept, the record of processing."""
