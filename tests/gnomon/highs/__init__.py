"""Tests of gnomon: gnomon/highs."""
