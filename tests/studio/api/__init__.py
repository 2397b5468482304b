"""Tests of xisuan: studio/api."""
