CREATE TABLE "host_pace" (
	"host" text PRIMARY KEY NOT NULL,
	"next_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "judge_spending" (
	"run_id" bigint PRIMARY KEY NOT NULL,
	"requests" integer NOT NULL,
	"tokens" bigint NOT NULL,
	"dollars" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"key" text PRIMARY KEY NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "step" text;--> statement-breakpoint
CREATE UNIQUE INDEX "run_night" ON "run" USING btree ((step is not null)) WHERE step is not null and finished_at is null;