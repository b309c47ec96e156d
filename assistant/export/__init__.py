"""An answer or a conversation → something to take away: text, HTML, Markdown and Word, with its sources."""
