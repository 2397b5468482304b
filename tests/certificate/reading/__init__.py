"""Tests of xisuan: certificate/reading."""
