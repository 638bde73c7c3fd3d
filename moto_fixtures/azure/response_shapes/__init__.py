"""The members of real answers, with values of a fresh resource; builders put their own over them."""
