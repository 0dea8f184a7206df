"""The policy lab: levers in plain words, what a visitor set, and what is drawn from it."""
