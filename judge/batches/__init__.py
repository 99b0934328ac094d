"""The providers' batch APIs as an engine: half the price, within a day; a sample of several steps goes in waves."""
