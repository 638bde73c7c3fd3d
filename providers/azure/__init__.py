"""Microsoft Azure: function apps and their slots, read through Resource Manager and Resource Graph."""
