"""`python -m keytrail` is the `keytrail` command."""

from keytrail.cli import main

if __name__ == "__main__":
    main()
