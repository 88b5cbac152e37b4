"""Independent readers, validators and lint rules to test newsfeed's output with."""
