"""`python -m amanat` is the command `amanat`."""

from amanat.cli import main

if __name__ == "__main__":
    main()
