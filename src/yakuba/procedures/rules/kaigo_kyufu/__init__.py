"""福祉用具購入費・住宅改修費: benefits paid back for equipment bought and works on the home."""
