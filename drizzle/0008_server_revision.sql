CREATE SEQUENCE "public"."server_revision" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
ALTER TABLE "server" ADD COLUMN "revision" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "server_revision_order" ON "server" USING btree ("revision");--> statement-breakpoint
-- Numbers are handed out under a shared lock that lasts to the end of the transaction: whoever takes it for himself
-- knows that every number handed out so far is stored (src/store/revisions.ts).
CREATE FUNCTION "server_revise"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.classify_due IS NOT NULL AND NEW.classify_due IS NULL)
    OR (OLD.revision > 0 AND (NEW.slug IS DISTINCT FROM OLD.slug OR NEW.merged_into IS DISTINCT FROM OLD.merged_into))
  THEN
    PERFORM pg_advisory_xact_lock_shared(7466302);
    NEW.revision := nextval('server_revision');
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "server_revised" BEFORE UPDATE ON "server" FOR EACH ROW EXECUTE FUNCTION "server_revise"();
--> statement-breakpoint
UPDATE "server" SET "revision" = nextval('server_revision') WHERE "siblings" IS NOT NULL AND "classify_due" IS NULL;
