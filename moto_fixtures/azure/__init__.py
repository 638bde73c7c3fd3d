"""A local Azure: Resource Manager, Resource Graph and the sign-in endpoints, as far as an audit asks them.

The standard library is enough; serving TLS asks for ``cryptography``, which azure-identity brings.
"""
