CREATE TABLE "mark" (
	"key" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"presence_id" bigint NOT NULL,
	"server_id" text NOT NULL,
	"category" text NOT NULL,
	"risk" text NOT NULL,
	CONSTRAINT "mark_key_name_presence_id_pk" PRIMARY KEY("key","name","presence_id")
);
--> statement-breakpoint
ALTER TABLE "definition" ADD COLUMN "hints" text GENERATED ALWAYS AS (case when body like '%"readOnlyHint":true%' then ' readOnlyHint:true' else '' end || case when body like '%"readOnlyHint":false%' then ' readOnlyHint:false' else '' end || case when body like '%"destructiveHint":true%' then ' destructiveHint:true' else '' end || case when body like '%"destructiveHint":false%' then ' destructiveHint:false' else '' end || case when body like '%"idempotentHint":true%' then ' idempotentHint:true' else '' end || case when body like '%"idempotentHint":false%' then ' idempotentHint:false' else '' end || case when body like '%"openWorldHint":true%' then ' openWorldHint:true' else '' end || case when body like '%"openWorldHint":false%' then ' openWorldHint:false' else '' end) STORED;--> statement-breakpoint
CREATE INDEX "mark_server" ON "mark" USING btree ("server_id","key");--> statement-breakpoint
CREATE INDEX "server_slug_order" ON "server" USING btree ("slug" collate "C");--> statement-breakpoint
CREATE INDEX "definition_name" ON "definition" USING btree (left("name", 250) collate "C","fingerprint");--> statement-breakpoint
CREATE INDEX "definition_folded" ON "definition" USING btree (lower(regexp_replace(left("name", 250) collate "C", '[-_. /:]', '', 'g')));