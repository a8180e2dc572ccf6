"""Measurements that are run by hand; a package, since another one of this name may be installed."""
