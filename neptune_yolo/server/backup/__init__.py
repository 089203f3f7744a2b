"""Backups: made while servers run, restored into an empty server of either database and either file storage."""
