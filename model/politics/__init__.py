"""Acts fall due, are laid on the border, are remembered; governments look, decide and set
supply.
"""
