"""How fast is it? Each module is one command that measures the product beside a yardstick, in one run."""
