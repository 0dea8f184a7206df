"""Every table, figure and verdict of the documentation, rebuilt from scenarios into one folder with
its provenance.
"""
