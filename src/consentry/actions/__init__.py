"""One use case a file: check the rules, write, log entry, in one transaction; outward effects through the outbox."""
