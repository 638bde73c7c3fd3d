"""Google Cloud's allow policies and roles, judged: pure."""
