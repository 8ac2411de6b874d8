"""Pictures drawn by this project: no photograph, no real person, nothing explicit."""
