"""`python -m factcheck.cli` is the same as `factcheck`."""

from factcheck.cli import main

main(prog_name="factcheck")
