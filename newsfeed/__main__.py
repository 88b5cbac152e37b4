"""``python -m newsfeed`` does what the ``newsfeed`` command does."""

from newsfeed.cli import main

if __name__ == "__main__":
    main()
