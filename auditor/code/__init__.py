"""What runs inside a function: components, advisories and defects in the code of a deployed package. Nothing is run."""
