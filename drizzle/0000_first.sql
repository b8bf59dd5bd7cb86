CREATE TABLE "fact" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"options" text NOT NULL,
	"summary" text
);
--> statement-breakpoint
CREATE TABLE "source" (
	"id" text PRIMARY KEY NOT NULL,
	"watermark" timestamp (3) with time zone,
	"last_tried" timestamp (3) with time zone,
	"last_good" timestamp (3) with time zone,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "alias" (
	"address" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"server_id" text NOT NULL,
	"sighting_id" bigint,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mention" (
	"address" text NOT NULL,
	"sighting_id" bigint NOT NULL,
	CONSTRAINT "mention_address_sighting_id_pk" PRIMARY KEY("address","sighting_id")
);
--> statement-breakpoint
CREATE TABLE "merge" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"winner" text NOT NULL,
	"loser" text NOT NULL,
	"address" text NOT NULL,
	"sighting_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"title" text,
	"description" text,
	"homepage" text,
	"repository" text,
	"packages" text NOT NULL,
	"remotes" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"merged_into" text,
	"enumerate_due" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"classify_due" timestamp (3) with time zone,
	"siblings" text
);
--> statement-breakpoint
CREATE TABLE "sighting" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"listing" text NOT NULL,
	"hash" text NOT NULL,
	"server_id" text NOT NULL,
	"data" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"superseded_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "assessment" (
	"fingerprint" text NOT NULL,
	"siblings" text NOT NULL,
	"rules" text NOT NULL,
	"prompt" text NOT NULL,
	"model" text NOT NULL,
	"category" text NOT NULL,
	"risk" text NOT NULL,
	"verdict" text NOT NULL,
	"assessed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "assessment_fingerprint_siblings_rules_prompt_model_pk" PRIMARY KEY("fingerprint","siblings","rules","prompt","model")
);
--> statement-breakpoint
CREATE TABLE "definition" (
	"fingerprint" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"body" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "presence" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"provenance" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"first_enumeration" bigint NOT NULL,
	"last_enumeration" bigint NOT NULL,
	"gone_enumeration" bigint
);
--> statement-breakpoint
CREATE TABLE "artefact" (
	"purl" text NOT NULL,
	"version" text NOT NULL,
	"name" text NOT NULL,
	"integrity" text NOT NULL,
	"license" text,
	"published_at" text,
	"first_seen" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "artefact_purl_version_integrity_pk" PRIMARY KEY("purl","version","integrity")
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"enumeration_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"rung" text NOT NULL,
	"context" text NOT NULL,
	"outcome" text NOT NULL,
	"phase" text,
	"reason" text,
	"detail" text,
	"stderr" text,
	"protocol_version" text,
	"tool_count" integer,
	"ms" integer NOT NULL,
	CONSTRAINT "attempt_enumeration_id_number_pk" PRIMARY KEY("enumeration_id","number")
);
--> statement-breakpoint
CREATE TABLE "enumeration" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"run_id" bigint,
	"launch_id" bigint,
	"purl" text,
	"version" text,
	"integrity" text,
	"sandbox" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"phase" text,
	"reason" text,
	"detail" text,
	"wants" text NOT NULL,
	"context" text,
	"protocol_version" text,
	"server_info" text,
	"capabilities" text,
	"instructions" text,
	"rejections" text NOT NULL,
	"tool_count" integer NOT NULL,
	"ms" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "launch" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"hash" text NOT NULL,
	"resolver" text NOT NULL,
	"purl" text NOT NULL,
	"version" text NOT NULL,
	"integrity" text NOT NULL,
	"entry" text NOT NULL,
	"args" text NOT NULL,
	"inputs" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "alias_server" ON "alias" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "mention_sighting" ON "mention" USING btree ("sighting_id");--> statement-breakpoint
CREATE UNIQUE INDEX "server_slug" ON "server" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "server_enumerate_due" ON "server" USING btree ("enumerate_due");--> statement-breakpoint
CREATE INDEX "server_classify_due" ON "server" USING btree ("classify_due");--> statement-breakpoint
CREATE UNIQUE INDEX "sighting_current" ON "sighting" USING btree ("source","listing") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "sighting_server" ON "sighting" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "assessment_newest" ON "assessment" USING btree ("fingerprint","siblings","assessed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "presence_current" ON "presence" USING btree ("server_id","fingerprint","provenance") WHERE gone_at is null;--> statement-breakpoint
CREATE INDEX "presence_fingerprint" ON "presence" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "enumeration_server" ON "enumeration" USING btree ("server_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "launch_hash" ON "launch" USING btree ("server_id","hash");