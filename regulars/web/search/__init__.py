"""The search in the top bar: people, orders, pages, actions."""
