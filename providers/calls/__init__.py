"""Making calls, in one way for all clouds: rate limits, retries, deadlines, response limits, health, work queue.

Knows no cloud and imports no SDK: a provider's gateway passes in how one request is sent and how its errors are named.
"""
