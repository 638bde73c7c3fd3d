"""The Azure role language, read purely: definitions, assignments, how dangerous a role is, what it grants."""
