"""Questions for a whole list or a comparison → all that fits, from cards and front matter."""
