"""The lab: a Linux that runs the site's examples in the reader's browser."""
