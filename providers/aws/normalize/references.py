"""What ARNs name: whose a resource is, and which qualifier of a function is meant."""

from providers.aws.arn import parse_arn, split_function

_LATEST = "$LATEST"


def arn_account(text: str) -> str | None:
    """The account an ARN names, None where it names none."""
    arn = parse_arn(text)
    return arn.account or None if arn else None


def qualified(arn: str) -> tuple[str, str | None]:
    """A function's ARN and its qualifier: None for the function itself, which ``$LATEST`` means too."""
    name, qualifier = split_function(arn) or (arn, "")
    return name, None if qualifier in {"", _LATEST} else qualifier
