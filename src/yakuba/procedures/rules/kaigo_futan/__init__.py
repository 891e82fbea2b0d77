"""介護保険の利用者負担: the share of the cost, its monthly caps, and the limit of meals and room."""
