"""What code alone finds in a text: sentences parsed, quantities, quotations, names, dates.

Everything here is deterministic, needs no model server, and carries exact offsets. A model later
chooses among these candidates and labels them; it never retypes them.
"""
