"""The publish verb: a planned site is rendered, and what changed is written."""
