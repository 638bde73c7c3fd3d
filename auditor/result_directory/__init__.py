"""An output directory whose result is replaced whole or not at all, whatever ends the run.

A run holds the directory's lock, writes its result beside it, and swaps it in at the end by one step of the file
system: where the directory can be exchanged with its sibling (Linux and macOS, most file systems), its files are
ordinary ones; where it cannot (a mount point, the current directory, a parent one may not write to, directories of
somebody else's inside), they are links into a hidden directory, and one link decides which result they show.
A reader sees the previous result or the new one, at every moment, and after ``kill -9`` too.
"""

from auditor.result_directory.contents import ACCOUNTS, SNAPSHOT
from auditor.result_directory.directory import BusyError, ResultDirectory
from auditor.result_directory.leftovers import kept_in

__all__ = ["ACCOUNTS", "SNAPSHOT", "BusyError", "ResultDirectory", "kept_in"]
