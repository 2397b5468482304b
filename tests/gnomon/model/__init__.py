"""Tests of gnomon: gnomon/model."""
