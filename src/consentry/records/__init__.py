"""The only package with models: one table a file. Reads and writes of many rows are named queries beside them."""
