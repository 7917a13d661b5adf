"""What messaging does with the events it subscribes to, one module a speaker."""
