"""From Markdown files to an index version: read, check, split, embed, store."""
