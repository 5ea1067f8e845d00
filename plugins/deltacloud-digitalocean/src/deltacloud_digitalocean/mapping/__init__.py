"""What DigitalOcean has, in the words of Deltacloud: pure functions, record in, model out."""
