"""Who may be written to, and who may do what: subscriptions, signed tokens, addresses."""
