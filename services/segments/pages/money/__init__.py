"""The page of currencies and rates."""
