"""Which files of a package are its own code: libraries and tests are not."""

import re
from typing import Final

SKIPPED: Final = re.compile(
    r"(?:^|/)(?:node_modules|site-packages|dist-packages|\.git|__pycache__|vendor|tests?|__tests__|[\w.-]+\.dist-info)/|\.min\.js$|\.d\.ts$|(?:^|/)test_|\.test\.|\.spec\."
)
PYTHON: Final = (".py",)
JAVASCRIPT: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
