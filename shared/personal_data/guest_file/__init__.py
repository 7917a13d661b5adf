"""One guest's file: what each service holds, on its way, and as a paper in the guest's language."""
