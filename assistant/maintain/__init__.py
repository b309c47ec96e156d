"""The maintainers' page: what serves, what is stale, what the guide lacks, and one way in."""
