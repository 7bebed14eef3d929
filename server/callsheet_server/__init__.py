"""The language server of Callsheet: the only package that speaks the Language Server Protocol."""
