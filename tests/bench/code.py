"""Measures the analysis of code: CPU seconds and memory for packages made of the Python and JavaScript files given.

Usage: python -m tests.bench.code DIRECTORY... (of sources; 2,000 files in 100 packages are taken, 1,000 of a language)
"""

import random
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

from auditor.code import findings


def sources(directories: list[str], suffix: str) -> list[Path]:
    found = sorted(path for one in directories for path in Path(one).rglob(f"*{suffix}") if path.is_file())
    random.Random(3).shuffle(found)
    return [path for path in found if path.stat().st_size < 200_000][:1_000]


def main() -> None:
    packages: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    for place, path in enumerate([*sources(sys.argv[1:], ".py"), *sources(sys.argv[1:], ".js")]):
        packages[place % 100][f"m{place}_{path.name}"] = path.read_bytes()
    findings.prepare()
    begun = time.process_time()
    found = sum(len(findings.analyse(files).findings) for files in packages.values())
    spent = time.process_time() - begun
    files = [text for package in packages.values() for text in package.values()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(files)} files, {sum(map(len, files)) / 1e6:.1f} MB: {spent:.1f} CPU-s, {memory:.0f} MB, {found} findings"
    )


if __name__ == "__main__":
    main()
