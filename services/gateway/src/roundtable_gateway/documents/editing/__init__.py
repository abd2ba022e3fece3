"""An author's own file with comments on its words, or with rewrites in their place."""
