"""Patterns asked together say what each says alone."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.wildcards import Patterns, covers

texts = st.text("ab*?", max_size=5)


@given(st.lists(texts, max_size=4), texts)
def test_patterns_asked_together(patterns: list[str], text: str) -> None:
    assert Patterns(patterns).cover(text) == any(covers(pattern, text) for pattern in patterns)
