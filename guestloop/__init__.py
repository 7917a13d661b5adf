"""The five services put together: the command line, the embedded engine, and the virtual clock's world.

A room beside the services because they never import one another: whoever composes them must stand outside.
"""
