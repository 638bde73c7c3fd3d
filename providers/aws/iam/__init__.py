"""The AWS policy language, read purely: documents, patterns, resource policies and identity policies."""
