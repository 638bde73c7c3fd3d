"""The registry repository behind the image a function runs."""

from auditor.model.code import Repository
from auditor.model.function import Function


def repository_of(function: Function) -> Repository | None:
    """The repository of the image in use; None for an archive, or where the repository is gone.

    Raises Unanswered where it could not be read.
    """
    return function.code.image.repository.need() if function.code.image is not None else None
