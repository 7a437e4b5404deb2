"""The site: pages and API on a ledger. Entry: `app.create_app`."""
