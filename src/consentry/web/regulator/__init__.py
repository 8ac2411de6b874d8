"""The face of regulators and auditors: numbers, plans, what the log can and cannot show."""
