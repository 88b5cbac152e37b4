"""Wiring: the only room that knows which edges a site uses, and opens them.

Every command, and later every service, gets its contexts here. Decisions and printing do not belong here.
"""
