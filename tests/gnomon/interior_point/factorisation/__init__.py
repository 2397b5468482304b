"""Tests of gnomon: gnomon/interior_point/factorisation."""
