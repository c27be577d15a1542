"""Pages of segments: saved questions, who answers to them, who came and went, and why."""
