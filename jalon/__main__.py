"""`python -m jalon` is `jalon`."""

from jalon.config.cli import main

if __name__ == "__main__":
    main()
