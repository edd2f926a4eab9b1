"""What every page shares and that knows no room: who may call what, errors, headers, paging."""
