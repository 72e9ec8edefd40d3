"""Every change of the portfolio, through the product's own actions, on both databases."""
