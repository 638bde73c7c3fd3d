"""Exit codes, as promised. ``auditor scan --help`` repeats them."""

OK = 0
INTERNAL = 1
USAGE = 2
GATE_FAILED = 3
INCOMPLETE = 4
NO_SCOPE = 5
INTERRUPTED = 130
TERMINATED = 143

MEANING = {
    OK: "finished, gate passed",
    INTERNAL: "our own error",
    USAGE: "usage, configuration or waiver-file error",
    GATE_FAILED: "gate failed: findings at or above --fail-on",
    INCOMPLETE: "incomplete, and --fail-on-incomplete",
    NO_SCOPE: "no scope could be read at all",
    INTERRUPTED: "interrupted; what was collected is written",
    TERMINATED: "terminated; what was collected is written",
}
