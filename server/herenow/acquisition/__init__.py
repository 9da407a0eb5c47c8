"""How an installation came: referrers, deep links, Apple Ads tokens, explicit queries."""
