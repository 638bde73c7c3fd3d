"""Prints a page by WeasyPrint, in a process of its own: ``python -m reports.pdf.weasyprint_process PAGE PDF RUN``.

Nothing but the page is read, and nothing is fetched. The document is tagged as PDF/UA-1 asks.
"""

import sys
from typing import Any


def main(page: str, printed: str, run: str) -> None:
    """Prints the page; the run's id becomes the document's."""
    import weasyprint  # noqa: PLC0415 - an extra
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - the same

    class Nothing(URLFetcher):  # type: ignore[misc]
        """Fetches nothing."""

        def fetch(self, url: str, _headers: Any = None) -> Any:
            raise ValueError(f"{url} is not fetched")

    with open(page, encoding="utf-8") as text:  # noqa: PTH123 - read before anything of it is looked at
        document = weasyprint.HTML(string=text.read(), url_fetcher=Nothing())
    document.write_pdf(printed, pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=run.encode("ascii"))


if __name__ == "__main__":
    main(*sys.argv[1:])
