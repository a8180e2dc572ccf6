"""Tests of the benchmark comparators."""
