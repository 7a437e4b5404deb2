"""The count in the forms that others take it in."""
