"""SQL for pages around cases: what belongs to one, who was called, tasks, praise, sums."""
