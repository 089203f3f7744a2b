"""What all exports have in common: which runs, what they hold, and how they are checked."""
