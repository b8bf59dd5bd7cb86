DROP INDEX "definition_folded";--> statement-breakpoint
ALTER TABLE "definition" ADD COLUMN "folded" text collate "C" GENERATED ALWAYS AS (lower(regexp_replace(left(name, 250) collate "C", '[-_. /:]', '', 'g'))) STORED;--> statement-breakpoint
CREATE INDEX "definition_folded" ON "definition" USING btree ("folded");