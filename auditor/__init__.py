"""Serverless Auditor: which deployed functions can hurt you, how, and what to change."""

__version__ = "0.1.0"
