"""Invented articles that try to give a model orders, and how often it obeys.

python -m tests.injections record   ask the embedded model what its recording lacks
python -m tests.injections report   write docs/security-injections.md from the recording
"""
