"""The pages of the documentation that show results: from the documents of `experiments/paper` to
markdown, CSV and figures.
"""
