"""A conversation → the question of its last turn, readable on its own."""
