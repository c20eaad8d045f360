"""Documents out: values in, bytes out. Knows neither database nor Telegram."""
