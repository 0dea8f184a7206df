"""Makes `python -m coercivity ARGS` the same as `coercivity ARGS`."""

from coercivity.cli import main

if __name__ == "__main__":
    main()
