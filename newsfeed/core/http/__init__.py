"""Decide how a request for a file is answered: in which coding, which part, and how long it stays fresh.

Values in, values out, after RFC 9110 and RFC 9111. Sockets, and where files come from, do not belong here.
"""
