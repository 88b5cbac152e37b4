"""The editors' verbs: what is written into a site for them."""
