"""The verbs about readers: the roster that operators keep, and what readers do themselves."""
