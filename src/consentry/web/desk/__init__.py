"""The reviewers' face."""
