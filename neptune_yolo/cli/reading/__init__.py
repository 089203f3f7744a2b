"""Commands that read runs: for people in a terminal, and for scripts."""
