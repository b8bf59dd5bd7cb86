ALTER TABLE "source" ADD COLUMN "swept_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "source" ADD COLUMN "listings" integer;