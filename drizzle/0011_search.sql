CREATE INDEX "server_newest" ON "server" USING btree ("first_seen","id");--> statement-breakpoint
CREATE INDEX "enumeration_at" ON "enumeration" USING btree ("at");--> statement-breakpoint
-- What a search finds (src/store/search). The database derives it from the rows, which know nothing of it: no query
-- that reads whole rows is to carry it along, so the tables in src/store/tables do not name these columns.

-- Words as people search them: createIssue, create_issue and "Create issue" are the same two, and GitHub is one as well
-- as two. The letters are written out so that the language of the database makes no difference.
CREATE FUNCTION "search_words"(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT trim(lower(regexp_replace(left(said, 8000), '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')))
$$;--> statement-breakpoint
CREATE FUNCTION "search_parts"(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN said ~ '[a-z0-9][A-Z]|[A-Z][A-Z][a-z]' THEN search_words(regexp_replace(
    regexp_replace(left(said, 8000), '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z])([A-Z][a-z])', '\1 \2', 'g')) ELSE '' END
$$;--> statement-breakpoint
CREATE FUNCTION "search_text"(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('english', search_words(said)) || to_tsvector('english', search_parts(said))
$$;--> statement-breakpoint
-- A name: its words as they stand, their stems, and all of them in one, `=` before it where it is the whole name.
CREATE FUNCTION "search_name"(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple', words || ' ' || search_parts(left(said, 300))) || search_text(left(said, 300))
    || CASE WHEN joined = '' THEN ''::tsvector ELSE array_to_tsvector(ARRAY[joined, '=' || joined]) END
  FROM (SELECT words, left(replace(words, ' ', ''), 300) AS joined FROM (SELECT search_words(left(said, 300)) AS words) AS one) AS named
$$;--> statement-breakpoint
-- Title and description out of a definition's JSON text. Escapes that no text of a database can hold go first; whatever
-- else a stranger may have thought of makes the tool found by its name alone.
CREATE FUNCTION "search_definition"(body text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  said json;
BEGIN
  IF body ~ '\\u(0000|d[89a-f])' THEN
    body := regexp_replace(body, '(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})', '\1', 'g');
  END IF;
  said := body::json;
  RETURN search_text(concat_ws(' ', left(said->>'title', 300), said->>'description'));
EXCEPTION WHEN others THEN
  RETURN ''::tsvector;
END
$$;--> statement-breakpoint
ALTER TABLE "definition" ADD COLUMN "name_words" tsvector GENERATED ALWAYS AS (search_name("name")) STORED,
  ADD COLUMN "all_words" tsvector GENERATED ALWAYS AS (search_name("name") || search_definition("body")) STORED;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "name_words" tsvector GENERATED ALWAYS AS (search_name("name") || search_name("slug") || search_name(coalesce("title", ''))) STORED,
  ADD COLUMN "all_words" tsvector GENERATED ALWAYS AS (search_name("name") || search_name("slug") || search_name(coalesce("title", '')) || search_text(coalesce("description", ''))) STORED;--> statement-breakpoint
CREATE INDEX "definition_name_words" ON "definition" USING gin ("name_words") WITH (fastupdate = off);--> statement-breakpoint
CREATE INDEX "definition_all_words" ON "definition" USING gin ("all_words") WITH (fastupdate = off);--> statement-breakpoint
CREATE INDEX "server_name_words" ON "server" USING gin ("name_words") WITH (fastupdate = off);--> statement-breakpoint
CREATE INDEX "server_all_words" ON "server" USING gin ("all_words") WITH (fastupdate = off);
