"""The parsers of the extra `[code]`, one for each dialect."""

from functools import cache

from tree_sitter import Language, Node, Parser


@cache
def _parser(dialect: str) -> Parser:
    if dialect == "javascript":
        import tree_sitter_javascript  # noqa: PLC0415 (each dialect's tables are megabytes)

        return Parser(Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript  # noqa: PLC0415

    if dialect == "tsx":
        return Parser(Language(tree_sitter_typescript.language_tsx()))
    return Parser(Language(tree_sitter_typescript.language_typescript()))


def parse(path: str, text: bytes) -> Node:
    """The root of a file's tree; the name's ending decides on the dialect."""
    suffix = path.rsplit(".", 1)[-1].lower()
    dialect = {"tsx": "tsx", "ts": "typescript", "mts": "typescript", "cts": "typescript"}.get(suffix, "javascript")
    return _parser(dialect).parse(text).root_node
