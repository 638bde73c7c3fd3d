"""A collection in units that are read elsewhere: by processes of this machine or workers of a cluster.

A unit is a cloud, an account and the locations asked of it; its shard is written whole into a store, and a commit
marker beside it. The coordinator gathers what was committed into one snapshot, and everything after that is as ever.
"""
