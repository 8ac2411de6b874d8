"""Have we seen this picture? Fingerprints and look-ups over them; no pictures, no database.

``pdq`` the fingerprint · ``index`` finds all near ones exactly · ``bank`` what may be banked and what is a match.
A match says "the same picture"; a miss says nothing.
"""
