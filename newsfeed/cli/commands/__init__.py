"""The commands, a module for each family: they read options, call one verb of `newsfeed.app`, print, and
return the exit status (nothing for 0). No decision about content or people stands here, and no printing.
"""
