-- Searching: every word of the index stands behind who may find it (`c12:nghi`), so that a question reads the
-- lists of its asker's own rows and not those of the whole house. What may be found is made anew at the start.
drop table search_words;
create virtual table search_words using fts5 (title, body, exact, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':'");
delete from search_doc;
