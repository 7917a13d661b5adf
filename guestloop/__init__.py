"""The five services put together: the command line, the embedded engine, and the virtual clock's world.

It stands beside the services because they never import one another: what composes them must be outside.
"""
