"""Tests of xisuan: certificate/constraints."""
