"""Where keys lie. One store a file."""
