"""The pages on which what surveys ask is written, and what was answered to it is read."""
