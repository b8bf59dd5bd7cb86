CREATE TABLE "likeness" (
	"key" text NOT NULL,
	"server_id" text NOT NULL,
	CONSTRAINT "likeness_key_server_id_pk" PRIMARY KEY("key","server_id")
);
--> statement-breakpoint
ALTER TABLE "sighting" ADD COLUMN "unlisted_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "likeness_server" ON "likeness" USING btree ("server_id");