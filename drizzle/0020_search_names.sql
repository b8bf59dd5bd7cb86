-- The same as in 0011_search, in a language whose plans a session keeps: what is written in SQL is planned anew by every
-- statement that writes a row, which was most of what a visit cost the database (a row of a server 1.0 ms, now 0.2).
CREATE OR REPLACE FUNCTION "search_text"(said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN to_tsvector('english', search_words(said)) || to_tsvector('english', search_parts(said));
END
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "search_name"(said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  words text := search_words(left(said, 300));
  joined text := left(replace(words, ' ', ''), 300);
BEGIN
  RETURN to_tsvector('simple', words || ' ' || search_parts(left(said, 300))) || search_text(left(said, 300))
    || CASE WHEN joined = '' THEN ''::tsvector ELSE array_to_tsvector(ARRAY[joined, '=' || joined]) END;
END
$$;
