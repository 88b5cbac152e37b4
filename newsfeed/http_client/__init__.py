"""Requests to others over HTTP: to forges and hubs that the configuration names, and to strangers.

The edge knows time, size and which addresses may be reached; what is asked, and what an answer means, is
decided elsewhere.
"""
