"""Decoding in processes of their own: ``pool`` is the guard's side, ``worker`` the other end of its pipes."""
