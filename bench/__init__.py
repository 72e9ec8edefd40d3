"""How fast the product is, as ratios within one run. See bench/README.md."""
