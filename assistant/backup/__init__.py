"""A backup of all that can't be made anew from the program alone, in one file, and the way back from it."""
