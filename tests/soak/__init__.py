"""The soak bench: `extractor annotate` from outside, against a stub server that fails to plan.

It knows the command line and the tables of the store, nothing of the library's insides. The server
keeps a ledger of every request it received; what the store says is compared with it.
"""
