"""``python -m yakuba`` is ``yakuba``."""

from yakuba.cli import main

main()
