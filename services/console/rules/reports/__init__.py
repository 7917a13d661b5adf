"""Reports by mail: when they go, and of which days."""
