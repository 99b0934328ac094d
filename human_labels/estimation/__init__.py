"""True rates from few labels, and how many labels it takes."""
