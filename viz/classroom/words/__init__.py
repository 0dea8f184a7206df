"""Sentences of the class game: cards, deals, news, bands, the page of a team, the wall."""
