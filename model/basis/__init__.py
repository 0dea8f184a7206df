"""What everything else stands on: names, goods, months, luck, facts, parameters, reading and
refusing what is typed.
"""
