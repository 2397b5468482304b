"""Tests of gnomon: gnomon/infeasibility."""
