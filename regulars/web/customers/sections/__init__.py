"""What a customer's page shows, each section ready to print. Nothing here changes anything."""
