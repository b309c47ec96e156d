"""From an edited file to a safe new version: plan, build aside, try it on the evaluation, switch, and take back."""
