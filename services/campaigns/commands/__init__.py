"""What campaigns does, a verb a module. A command takes the transaction and never ends it."""
