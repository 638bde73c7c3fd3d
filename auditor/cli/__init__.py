"""The command line: one file a verb, composed lazily so that ``--help`` imports nothing heavy."""
