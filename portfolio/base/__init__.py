"""What knows nothing about municipalities: the database, errors, time and ISO weeks."""
