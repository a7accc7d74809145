"""`python -m web.cli`: the same as `qifeng`."""

from web.cli import main

if __name__ == "__main__":
    main()
