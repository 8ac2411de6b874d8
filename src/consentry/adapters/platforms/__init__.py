"""How platforms are asked about their content: one file for each protocol."""
