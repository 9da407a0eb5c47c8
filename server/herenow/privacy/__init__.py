"""What a person may ask of us: change their mind, take everything along, be forgotten."""
