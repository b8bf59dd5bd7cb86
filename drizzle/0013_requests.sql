CREATE TABLE "dispute" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"token_id" bigint NOT NULL,
	"server_id" text NOT NULL,
	"tool" text NOT NULL,
	"fingerprint" text NOT NULL,
	"category" text,
	"risk" text,
	"reason" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "scan_request" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"token_id" bigint NOT NULL,
	"address" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"taken_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "token" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" text NOT NULL,
	"scans_per_day" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "dispute_token" ON "dispute" USING btree ("token_id","asked_at");--> statement-breakpoint
CREATE INDEX "scan_request_token" ON "scan_request" USING btree ("token_id","asked_at");--> statement-breakpoint
CREATE INDEX "scan_request_open" ON "scan_request" USING btree ("taken_at","address");--> statement-breakpoint
CREATE UNIQUE INDEX "token_hash" ON "token" USING btree ("hash");