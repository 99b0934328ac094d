"""Published figures computed again from the data that ships."""
