"""Values and rules of experiment tracking, free of HTTP and SQL."""
