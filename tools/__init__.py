"""What builds the site, and the commands of contributors."""
