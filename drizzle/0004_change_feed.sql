CREATE INDEX "presence_first" ON "presence" USING btree ("first_enumeration");--> statement-breakpoint
CREATE INDEX "presence_gone" ON "presence" USING btree ("gone_enumeration");