"""The chat page: Gradio on the public functions of the assistant, and nothing else."""
