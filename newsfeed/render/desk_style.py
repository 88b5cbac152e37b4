"""The look of pages that are made for those who run a site: one file each, in light and dark."""

from __future__ import annotations

DESK_STYLE = """\
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 20%, transparent);
  --quiet: color-mix(in srgb, CanvasText 68%, transparent); }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem 5rem; font: 1rem/1.55 system-ui, sans-serif; }
h1 { margin: 0 0 1.5rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .7rem; font-size: 1.15rem; }
h3 { margin: 1.2rem 0 .1rem; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
table { border-collapse: collapse; } th, td { text-align: start; vertical-align: top; }
th { font-weight: 600; } tr { border-bottom: 1px solid var(--line); }
.quiet { color: var(--quiet); } code { font-size: .9em; overflow-wrap: anywhere; }
@media (max-width: 30rem) { body { padding-top: 1rem; } }"""
"""Rules that all of them share; each adds its own."""
