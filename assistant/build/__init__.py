"""From an edited text to a version in use: what a build does, and what it changes, in words."""
