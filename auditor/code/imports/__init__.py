"""Reports of scanners that a team runs already: which components and vulnerabilities they name."""
