"""`python -m simlib`: the command line where the script `simlib` is not on the path."""

import sys

from simlib.cli import main

if __name__ == "__main__":
    sys.exit(main())
