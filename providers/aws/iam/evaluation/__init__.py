"""Whether AWS allows one request: the whole policy language, every layer of policies, nothing guessed."""
