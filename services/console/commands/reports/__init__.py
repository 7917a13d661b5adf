"""Reports by mail are wished for, planned, handed to messaging."""
