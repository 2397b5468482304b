"""Tests of gnomon: gnomon/proof."""
