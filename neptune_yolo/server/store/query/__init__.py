"""Queries of tables as statements."""
