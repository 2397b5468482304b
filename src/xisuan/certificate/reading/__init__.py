"""The tables read a second time."""
