"""Questions asked of worlds: leverage, hazards, friend-shoring, relapse, what each rule is worth,
one firm's life.
"""
