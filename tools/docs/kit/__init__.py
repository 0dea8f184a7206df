"""The paper kit: every table, figure and verdict of the documentation, rebuilt from scenarios into
one folder with what made it (`python -m tools.docs.kit --help`).
"""
