"""Fetching what somebody else names an address for, without being sent where they may not go."""
