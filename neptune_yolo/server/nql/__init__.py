"""The language in which tables are asked for."""
