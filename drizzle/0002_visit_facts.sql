ALTER TABLE "attempt" ADD COLUMN "peak_memory" bigint;--> statement-breakpoint
ALTER TABLE "attempt" ADD COLUMN "egress" text;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "prompts" text;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "resources" text;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "gates" text;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "tokens" integer;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "remote" text;--> statement-breakpoint
ALTER TABLE "enumeration" ADD COLUMN "authorization" text;--> statement-breakpoint
ALTER TABLE "launch" ADD COLUMN "runtime" text DEFAULT 'node' NOT NULL;--> statement-breakpoint
ALTER TABLE "launch" ADD COLUMN "image" text;