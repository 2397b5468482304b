"""`python -m xisuan` is `xisuan`."""

from xisuan.cli.commands import main

main()
