import postgres from 'postgres';

/** Gives every server of a filled catalogue a visit that listed it, a package and a source that lists it. */
export async function addVisits(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`
      insert into enumeration (id, server_id, purl, version, integrity, sandbox, at, outcome, wants, rejections,
        tool_count, protocol_version, context, ms)
      select substr(id, 7)::bigint, id, 'pkg:npm/x' || substr(id, 7), '1.0.0', 'sha512-' || md5(id), 'bubblewrap',
        first_seen, 'listed', '[]', '[]', 10, '2025-06-18',
        '{"args":[],"envNames":[],"sandbox":"bubblewrap","profile":"bare"}', 1200 from server`;
    await sql`
      insert into artefact (purl, version, name, integrity, license, first_seen)
      select purl, version, 'x' || id, integrity, 'MIT', at from enumeration`;
    await sql`
      insert into attempt (enumeration_id, number, rung, context, outcome, protocol_version, tool_count, ms)
      select id, 0, 'bare', context, 'listed', protocol_version, tool_count, ms from enumeration`;
    await sql`
      insert into sighting (source, listing, hash, server_id, data, first_seen)
      select 'corpus', id, md5(id), id, json_build_object('source', 'corpus', 'listing', id, 'name', name,
        'packages', '[]'::json, 'remotes', '[]'::json)::text, first_seen from server`;
    await sql`analyze`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A night in which one server in a hundred has a new name and new verdicts. */
export async function changeSome(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const changed = await sql`
      update server set revision = nextval('server_revision'), title = 'Changed ' || id
      where substr(id, 7)::bigint % 100 = 7 returning id`;
    return changed.length;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
