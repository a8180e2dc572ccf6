"""Measuring: gold annotations and the scores of records against them."""
