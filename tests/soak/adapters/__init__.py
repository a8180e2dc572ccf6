"""One program for each contestant of `tests.soak.peers`; peers run in environments of their own.

Each reads a job as JSON from standard input, gets ready, works on some documents that do not count,
then on those that do, and writes what that took as JSON to standard output.
"""
