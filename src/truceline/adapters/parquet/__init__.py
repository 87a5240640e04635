"""Tables of detections and tracks in Parquet, read and written by DuckDB."""
