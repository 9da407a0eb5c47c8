"""``python -m herenow``: the command line without its script."""

from herenow.cli import main

if __name__ == "__main__":
    main()
