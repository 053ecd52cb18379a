"""Reading reports by a language model behind an OpenAI-compatible endpoint: asking, answers, grounding, reading (docs/endpoint.md)."""
