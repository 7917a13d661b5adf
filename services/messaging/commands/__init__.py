"""The use cases of messaging: what it hears of, what it decides, what it sends."""
