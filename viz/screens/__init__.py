"""The pages of the browser front end: one module a page, its template beside it."""
