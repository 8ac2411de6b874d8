"""What every package may use: errors, identifiers, the clock. Nothing else belongs here."""
