CREATE TABLE "stored_tree" (
	"key" text PRIMARY KEY NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"unpacked" bigint NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL
);
