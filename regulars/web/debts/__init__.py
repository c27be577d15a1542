"""What the shop is owed: by customer, by order, by age."""
