"""What the figures are made with: the servers, the load, the table and the page."""
