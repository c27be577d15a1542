"""What the team means to do, and when: tasks, reminders, calendars."""
