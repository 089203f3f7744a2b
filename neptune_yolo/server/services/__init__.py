"""Use cases of the server, one transaction each; no HTTP, no SQL."""
