"""The class game: seats, moves, deals, rounds and scores. A game is a scenario with dated choices,
run again from its first month.
"""
