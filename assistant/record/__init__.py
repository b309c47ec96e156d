"""What is kept of use, for a while and without who it was: one database, its tables, and the questions asked."""
