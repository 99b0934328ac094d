"""Code first: what can be found without asking anybody, in English and Chinese."""
