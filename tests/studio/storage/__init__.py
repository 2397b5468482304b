"""Tests of xisuan: studio/storage."""
