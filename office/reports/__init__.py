"""What units answer: texts, drafts, reports, their review; plans, forms, contributions."""
