"""The verbs: collect, evaluate, score, report. The pipeline reads aloud in :mod:`auditor.engine.audit`."""
