"""A text from outside → a draft for the guide, that nothing reads before an editor has set it free."""
