"""Published versions that are invoked: how they are told, and how callers are moved to a newer one."""

from typing import Final

from auditor.model.function import Function, ServedVersion

PUBLISH_AGAIN: Final = """\
aws lambda publish-version --region {location} --function-name {name} --query Version --output text
aws lambda update-alias --region {location} --function-name {name} --name {alias} --function-version <that-version>"""
"""Publishes the function as it is and points the alias at it."""

PUBLISH_AGAIN_HCL: Final = """\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  publish       = true
}

resource "aws_lambda_alias" "serving" {
  name             = "{alias}"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version # in place of {version}
}"""
"""The same, declared."""


def serving(function: Function, version: ServedVersion) -> str:
    """Who serves it, as the beginning of a sentence: `Version 3 of function orders, which alias live serves,`."""
    several = len(version.through) > 1
    aliases = ", ".join(version.through)
    how = (
        f"alias{'es' if several else ''} {aliases} serve{'' if several else 's'}" if aliases else "is invoked by number"
    )
    return f"Version {version.version} of function {function.name}, which {how},"


def an_alias(version: ServedVersion) -> str:
    """An alias that points at it, for commands; a placeholder where it is invoked by number."""
    return next(iter(version.through), "<alias>")


def served_by(version: ServedVersion) -> str:
    """The aliases that point at it, for evidence."""
    return f"{', '.join(version.through) or 'no alias'} -> version {version.version}"
