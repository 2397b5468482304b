"""`python -m xisuan` is `xisuan`."""

from xisuan.cli.main import main

main()
