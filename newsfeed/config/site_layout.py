"""The files and folders of a site by which everything else is found."""

from __future__ import annotations

CONTENT_KINDS = ("news", "projects", "programmes", "pages")
"""The content folders; a file's folder says what kind of content it is."""
NOTES = "digests"
"""The folder of the editors' notes to issues of digests."""
ISSUES = "issues"
"""The folder of the public records of issues that were sent."""
CONFIG = "config.toml"
"""The file, in the site's folder, that says everything else."""
PUBLISH_FOLDER = "var/publish"
"""The folder, in the service's own, of what publishing keeps: repository, checkouts, state."""
