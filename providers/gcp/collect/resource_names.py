"""What the names of resources tell: their region, their project."""

from itertools import pairwise


def part(name: str, kind: str) -> str:
    """What follows ``kind`` in a resource name: the region of ``locations``, the project of ``projects``; or ""."""
    steps = name.split("/")
    return next((after for step, after in pairwise(steps) if step == kind), "")
