"""What campaigns does about each event it subscribes to, a family of events a module."""
