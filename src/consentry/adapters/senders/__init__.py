"""What leaves: one file for each way of telling somebody something."""
