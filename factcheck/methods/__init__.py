"""Rating scales, consensus policies and practice cases as data, with the pure rules for them."""
