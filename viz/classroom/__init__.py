"""The class game in one place: its rules, rooms, pages, sentences and lessons."""
