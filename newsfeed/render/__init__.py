"""Values → bytes. Writes nothing, knows no clock."""
