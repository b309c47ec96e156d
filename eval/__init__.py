"""What the assistant is measured by: questions, judgements, metrics, and peers."""
