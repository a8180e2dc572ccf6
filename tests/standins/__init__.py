"""Stand-ins on loopback for servers of several makes, each as strict as its documentation says.

`python -m tests.standins` puts the seed articles through all of them and writes the table in
docs/servers.md. None of them is the real server: what a vendor does beyond its documentation is
not here.
"""
