"""Entry point of `python -m xisuan`, the same as the command `xisuan`."""

from xisuan.cli.main import main

main()
