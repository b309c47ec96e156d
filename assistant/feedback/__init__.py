"""What people think of an answer: received, kept for a while, and reported to those who maintain the guide."""
