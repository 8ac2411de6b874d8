"""The public face: report, status, guidance. No account, no upload."""
