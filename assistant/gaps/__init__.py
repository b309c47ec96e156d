"""What the guide lacks: the questions it answers badly, grouped by meaning, and drafts of what would answer them."""
