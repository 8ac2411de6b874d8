"""Numbers and promises: what happened, counted so that an outsider can count again. Values in, values out."""
