CREATE TABLE "remembered" (
	"url" text PRIMARY KEY NOT NULL,
	"etag" text NOT NULL,
	"body" text NOT NULL,
	"used_at" timestamp (3) with time zone NOT NULL
);
