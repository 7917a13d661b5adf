"""SQL around cases: a hotel's own terms and duty list, who was called, compensation, pictures, tasks, praise."""
