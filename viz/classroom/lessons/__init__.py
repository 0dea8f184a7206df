"""Lessons: the plan, the sheets, the slides and the pages to take home, as files."""
