CREATE TABLE "mention" (
	"address" text NOT NULL,
	"sighting_id" bigint NOT NULL,
	CONSTRAINT "mention_address_sighting_id_pk" PRIMARY KEY("address","sighting_id")
);
--> statement-breakpoint
CREATE INDEX "mention_sighting" ON "mention" USING btree ("sighting_id");