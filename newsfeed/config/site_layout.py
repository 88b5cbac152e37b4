"""The files and folders of a site by which everything else is found."""

from __future__ import annotations

CONTENT_KINDS = ("news", "projects", "programmes", "pages")
"""The content folders; a file's folder says what kind of content it is."""
NOTES = "digests"
"""The folder of the editors' notes to issues of digests."""
CONFIG = "config.toml"
"""The file, in the site's folder, that says everything else."""
