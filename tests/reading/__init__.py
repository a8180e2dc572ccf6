"""Tests of what code alone finds in a text."""
