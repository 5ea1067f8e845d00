"""What tests of drivers that speak Amazon's protocols share: accounts in moto, and a record of what was sent."""
