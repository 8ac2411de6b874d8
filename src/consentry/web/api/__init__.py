"""The machine's face: `/api/v1`, HMA-shaped look-ups, the log's files, and what tools ask of any server."""
