"""HTTP faces only: views translate between requests and actions, and hold no rules."""
