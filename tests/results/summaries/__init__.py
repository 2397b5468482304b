"""Tests of xisuan: results/summaries."""
