import { customType, timestamp } from 'drizzle-orm/pg-core';

/**
 * JSON kept as text. What servers say may hold NUL and lone surrogates, which jsonb refuses; JSON text escapes both,
 * keeps numbers as they were written and keys in their order.
 */
export const jsonText = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as T,
  })(name);

/** Text that PostgreSQL can hold: NUL becomes its visible picture, lone surrogates the replacement character. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '␀');
}

/** A moment to the millisecond, with its zone. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Text that is ordered and compared by its bytes, whatever the database's language, so that lists are the same everywhere. */
export const byBytes = (name: string) => customType<{ data: string }>({ dataType: () => 'text collate "C"' })(name);
