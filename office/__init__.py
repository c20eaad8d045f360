"""What a supervision office does, one use case a function; knows neither Telegram nor the clock's ticking."""
