"""The library as a site: which artifacts there are, where they lie, and what each of them shows.

Nothing is rendered here; views are handed to `newsfeed.render`.
"""
