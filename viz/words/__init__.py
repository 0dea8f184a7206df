"""What is said of results: names, summaries, sentences, reports."""
