"""Tests of xisuan: report/operated."""
