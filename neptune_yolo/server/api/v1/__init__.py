"""The read API: what the dashboard, and users' own scripts, ask the server at ``/api/v1``."""
