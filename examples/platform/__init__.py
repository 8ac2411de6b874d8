"""A tiny social network, as an example of somebody else's code that works with Consentry.

It imports nothing of Consentry: everything goes over HTTP (docs/spec/platform-integration.md, docs/spec/webhook.md).
"""
