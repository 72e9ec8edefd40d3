"""What all pages share: fragments, forms, problems, security, filters."""
