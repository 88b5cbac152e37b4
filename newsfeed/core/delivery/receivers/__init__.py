"""Decide how much mail the servers of one receiver get at a time: who belongs together, what they allow, and
when they are left alone.
"""
