"""What a world consists of: parts with a state, which mechanisms change. A part knows only itself
and the tables that it is made from.
"""
