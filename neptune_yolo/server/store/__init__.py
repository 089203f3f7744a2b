"""Storage: tables on SQLAlchemy Core and files by their hash. Rows do not leave this package."""
