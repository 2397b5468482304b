"""Tests of gnomon: gnomon/methods."""
