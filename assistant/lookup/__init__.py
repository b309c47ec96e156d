"""Look up the rules of a scheme: search, filter, card, as of a date, side by side, receipt, deadlines; no model."""
