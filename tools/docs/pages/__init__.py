"""The pages of the documentation that show results: from the documents of the paper kit to markdown,
CSV and figures.
"""
