"""The statement written a second time, same names as equations/constraints."""
