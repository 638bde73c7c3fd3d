"""The model: frozen, cloud-neutral facts. One small module a concept; nothing here performs I/O."""
