"""Tests of gnomon: gnomon/runtime."""
