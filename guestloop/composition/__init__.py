"""The five services put together: their processes, their broker, the first administrator, the virtual world."""
