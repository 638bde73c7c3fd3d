"""Report formats: views of a finished report."""
