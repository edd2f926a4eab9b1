"""Telling people what concerns them: in the service and by mail, from the audit log, once."""
