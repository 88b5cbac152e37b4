"""Digests as mails: what is in them, what they look like, and how every mail program reads them."""
