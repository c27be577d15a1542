"""What happened: the one trail (no foreign keys), and news for upper floors."""
