"""What `verify` is made of: what a sentence states, and whether a quote states the same."""
