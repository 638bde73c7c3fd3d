"""Every error a user can meet, each with its exit code and a sentence that says what to do next."""


class AuditorError(Exception):
    """Base of our errors. ``exit_code`` is what the command ends with."""

    exit_code = 1


class UsageError(AuditorError):
    """Bad options, configuration, waiver file or input file."""

    exit_code = 2


class NoScopeError(AuditorError):
    """No scope could be read at all: no credentials, or none that work."""

    exit_code = 5


class StorageError(AuditorError):
    """What was to be written could not be: a full disk, a directory without the right to write."""


class InterruptedRunError(AuditorError):
    """Ctrl-C (130) or SIGTERM (143); what was collected has been written."""

    exit_code = 130

    def __init__(self, message: str, *, terminated: bool = False) -> None:
        super().__init__(message)
        if terminated:
            self.exit_code = 143
