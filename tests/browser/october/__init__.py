"""A folder that stands first on the path of a served product and gives it the tests' clock."""
