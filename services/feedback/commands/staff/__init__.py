"""What the hotel's people arrange among themselves: tasks, praise, duty lists, the terms of their cases."""
