"""Subscriptions, signed tokens and addresses: decide who may be written to, and who may do what."""
