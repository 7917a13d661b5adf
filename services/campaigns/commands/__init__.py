"""What campaigns does, a verb a module. A command takes the transaction and never ends it.

More than fifteen modules: each is what people or events do to a journey, under its own verb.
"""
