"""A progress display that shows nothing."""

from collections.abc import Collection


class Silent:
    """No display."""

    def expect(self, calls: int) -> None:
        pass

    def done(self, operation: str) -> None:
        pass

    def waiting(self, jobs: int) -> None:
        pass

    def answered(self, location: str, functions: Collection[str]) -> None:
        pass
