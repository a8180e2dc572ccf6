"""The recall audit: what an article says in numbers, quotations and names that no record holds."""
