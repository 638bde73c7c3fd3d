"""The frame of an emulator: a port on loopback, faults, quotas, and text that is shaped like secrets.

It knows no cloud. An emulated cloud holds its routes, its errors and what stands in its accounts.
"""
