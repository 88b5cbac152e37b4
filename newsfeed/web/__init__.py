"""The pages where readers subscribe, confirm, choose and leave, over HTTP.

Handlers read a request, call one verb of `newsfeed.subscribers`, and answer with a view that the site's own
templates show. Decisions, texts and what is kept do not belong here.
"""
