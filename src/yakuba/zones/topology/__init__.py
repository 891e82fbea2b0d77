"""The town's network as data: zones, hosts, gateways and the flows that are permitted between them.

From one file come the packet filters, the mTLS allow-list, the probes of the tests and the picture in the docs.
Everything here is a function of values; files are read and written by :mod:`yakuba.zones.topology_commands`.
"""
