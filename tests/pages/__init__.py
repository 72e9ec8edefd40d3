"""The pages, met as a visitor without a browser meets them."""
