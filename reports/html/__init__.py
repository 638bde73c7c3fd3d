"""The HTML report: one offline file. `render` turns report.json's parts into its text."""

from reports.html.page import render
from reports.html.reporter import HtmlReporter

__all__ = ["HtmlReporter", "render"]
