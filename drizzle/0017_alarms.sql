CREATE TABLE "alarm" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"detail" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"over_at" timestamp (3) with time zone,
	"told_at" timestamp (3) with time zone,
	"tries" integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "alarm_open" ON "alarm" USING btree ("kind","subject") WHERE over_at is null;