"""Hand-over (連携): decided cases for outside core systems, and what comes back."""
