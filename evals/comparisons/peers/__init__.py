"""The extractor beside two other tools: the same articles, server, weights, gold and scorer."""
