"""Shapes of requests and answers, by plane; the OpenAPI document is generated from them."""
