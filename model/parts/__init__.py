"""What a world consists of: parts with a state, which mechanisms change, and how others look at
them. A part knows only itself and the tables that it is made from.
"""
