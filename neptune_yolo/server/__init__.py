"""The Neptune-compatible server: protocol, services and storage."""
