/** Tables that grow with the field; a scan of any other takes a moment. */
const BIG = new Set(
  'alias artefact assessment attempt definition enumeration launch likeness mark mention merge presence remembered server sighting'.split(
    ' ',
  ),
);

const WAIVER = /^\s*-- Readers wait: \S/m;
const ALTER = /^alter table (?:only )?"?(\w+)"?/i;
/** What reads or writes a whole table while it is locked against readers. */
const SLOW: readonly (readonly [RegExp, string])[] = [
  [/generated always as .* stored/is, 'a column that is computed for every row'],
  [/default (?!now\(\))[\w.]*\w+\(/i, 'a default that differs by row'],
  [/alter column .* (?:set data )?type /is, 'another type'],
  [/set not null/i, 'a look at every row'],
  [/add (?:constraint|primary key|unique|foreign key|check)(?!.*not valid)/is, 'a constraint on every row'],
  [/set (?:un)?logged|set tablespace/i, 'a table written anew'],
];

/**
 * Why a step of the schema would keep those who read a large catalogue waiting, or break those that still run an older
 * version; nothing where it would not, or where a remark in it says `-- Readers wait: ` and why that is borne.
 */
export function whyReadersWait(step: string): readonly string[] {
  if (WAIVER.test(step)) return [];
  const statements = step
    .replace(/--.*$/gm, '')
    .split(/;\s*(?:\n|$)|;\s+(?=[a-z])/i)
    .map((statement) => statement.trim())
    .filter(Boolean);
  const why: string[] = [];
  const made = new Set<string>();
  let locked: string | undefined;
  for (const statement of statements) {
    const short = statement.replace(/\s+/g, ' ').slice(0, 80);
    const created = /^create table (?:if not exists )?"?(\w+)"?/i.exec(statement)?.[1];
    if (created) made.add(created);
    const altered = ALTER.exec(statement)?.[1];
    if (/^drop (?:table|view|function|schema)|drop column|rename (?:to|column)/i.test(statement))
      why.push(`an older version may still read what goes: ${short}`);
    else if (/^(?:cluster|vacuum full|lock table|truncate|reindex)/i.test(statement)) why.push(`it locks: ${short}`);
    if (altered && BIG.has(altered) && !made.has(altered)) {
      for (const [pattern, what] of SLOW) if (pattern.test(statement)) why.push(`${what}: ${short}`);
      locked ??= altered;
    } else if (locked && /^(?:create (?:unique )?index|update|insert|delete|do )/i.test(statement))
      why.push(`${locked} stays locked meanwhile: ${short}. Put it into a step of its own`);
  }
  return why;
}
