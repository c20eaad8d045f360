"""Who is here: units' liaisons, heads, leaders, the office's own people, group chats; how they come and go."""
