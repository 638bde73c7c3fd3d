"""S19: no test measures time. A loaded machine is slow, and a test that fails by it says nothing."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLOCKS = re.compile(r"\b(monotonic|perf_counter|process_time|default_timer)(_ns)?\(")


def test_s19_no_test_reads_a_clock_that_measures() -> None:
    sources = (path for path in TESTS.rglob("*.py") if "bench" not in path.parts)
    reading = [path.relative_to(TESTS).as_posix() for path in sources if CLOCKS.search(path.read_text("utf-8"))]
    assert reading == [], "Prove the order of events, or use a fake clock; see tests/scenario/pausing.py."
