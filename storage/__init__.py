"""What is kept: the tables, every SQL statement and the migrations; decides nothing."""
