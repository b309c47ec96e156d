"""From an edited guide to a version in use: plan, build, gate, switch."""
