"""The face of hotlines and authorities."""
