"""How Regulars is configured: the environment, Django's settings and URLs, the WSGI entry."""
