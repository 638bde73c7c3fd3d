"""The emulated Google Cloud: every service the audit reads, under one address on loopback, and what stands in it."""
