"""The Parquet and files layout that neptune-exporter leaves behind."""
