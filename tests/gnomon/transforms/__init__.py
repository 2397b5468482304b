"""Tests of gnomon: gnomon/transforms."""
