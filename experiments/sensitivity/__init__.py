"""Which parameters matter: indices over the rows of a sweep, and the corners of the space in which
something happens.
"""
