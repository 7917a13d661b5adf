"""What values of a column mean: words known of themselves, and what somebody said of the others.

A field whose values are a closed set has its vocabulary here, a module each; `registry` names them all.
"""
