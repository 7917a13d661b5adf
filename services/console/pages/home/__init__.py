"""Home: is everything being sent, and is it working?"""
