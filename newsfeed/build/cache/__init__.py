"""Files that one build leaves for the next, in the user's own cache folder.

File stats, the library's snapshot, and a fingerprint of everything else a build depends on.
Without it every build is a full one, with the same bytes.
"""
