"""``python -m consentry.cli`` is the same as ``consentry``."""

from consentry.cli import main

main()
