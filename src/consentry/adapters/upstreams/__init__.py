"""What makes the pictures: one adapter a file, all behind ``base.Upstream``."""
