"""What of the guide must be read again: by whom, by when and why, from the texts as they are now."""
