"""Places that keep the log's files: a folder, and (read only) an address."""
