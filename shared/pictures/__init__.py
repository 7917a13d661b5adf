"""Pictures that people hand in, made small and harmless by a child process that ends.

What comes back holds the pixels and nothing else: no place, no camera, no hidden second picture. The child has a limit
of memory and of time, so that a picture that unfolds without end takes nothing along but itself.
"""
