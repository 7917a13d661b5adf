"""Tasks, praise, and what a hotel sets for its cases."""
