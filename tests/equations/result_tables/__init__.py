"""Tests of xisuan: equations/result_tables."""
