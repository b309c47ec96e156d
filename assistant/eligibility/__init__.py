"""«Kan vi få …?» → the conditions of that scheme, marked by what the asker has said."""
