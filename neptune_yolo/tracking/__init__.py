"""The logging core: knows the Neptune client, and neither Ultralytics nor the server."""
