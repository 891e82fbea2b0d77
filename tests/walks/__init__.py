"""Every procedure walked through from its examples: a resident in a real browser, then two clerks at the desk."""
