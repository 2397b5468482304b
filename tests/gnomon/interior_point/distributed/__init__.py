"""Tests of gnomon: gnomon/interior_point/distributed."""
