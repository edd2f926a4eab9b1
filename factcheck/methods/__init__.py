"""Rating scales and consensus policies as data, with the pure rules that apply them."""
