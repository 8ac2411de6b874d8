"""Content credentials in files: one standard a file."""
