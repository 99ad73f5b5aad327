"""The editor's desk: a local app over the articles of output folders, for one person on one machine."""
