"""HTTP message signatures (RFC 9421) of machines that call us."""
