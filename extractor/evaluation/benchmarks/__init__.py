"""Other people's data and published scores, to check the scorer against; the data stays outside."""
