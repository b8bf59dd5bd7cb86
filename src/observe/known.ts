import { SETTINGS, type Settings } from '#config.ts';

/** The values that this process was trusted with, as they may turn up in messages: keys, and passwords in addresses. */
export function knownSecrets(settings: Settings): readonly string[] {
  return Object.entries(SETTINGS).flatMap(([name, { secret }]) => {
    const value = settings[name as keyof Settings];
    if (typeof value !== 'string') return [];
    const password = URL.parse(value)?.password ?? '';
    const passwords = password === '' ? [] : [password, plain(password)];
    return secret ? [value, ...passwords] : passwords;
  });
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
