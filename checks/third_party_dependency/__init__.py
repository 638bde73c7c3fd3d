"""Code that is not yours: runtimes, layers, images, signatures and the scanner that watches them."""
