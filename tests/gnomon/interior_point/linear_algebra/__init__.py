"""Tests of gnomon: gnomon/interior_point/linear_algebra."""
