"""What every room stands on: municipality codes, dates, canonical bytes, tenancy. Knows no room."""
