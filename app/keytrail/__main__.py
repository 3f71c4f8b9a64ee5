"""Run the `keytrail` command with `python -m keytrail`."""

from keytrail.cli import main

if __name__ == "__main__":
    main()
