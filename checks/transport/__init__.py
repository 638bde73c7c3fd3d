"""Data in transit: HTTPS, TLS versions, client certificates and private connectivity."""
