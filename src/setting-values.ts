import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

// What a setting may hold: each reads the text of an environment variable, and says in its message how it is written.

/** A folder; a tilde is the home of whoever runs it. */
export const folder = (path: string) => resolve(path.replace(/^~(?=$|\/)/, homedir()));
/** An address of the web. */
export const address = z.url({ protocol: /^https?$/ });
/** A secret, without the blanks around it. */
export const key = z.string().trim().min(1).optional();
/** Values by name, as `NAME=VALUE NAME=VALUE`. */
const named = (isFine: (value: string) => boolean, example: string) =>
  z
    .string()
    .default('')
    .transform((text, context): Readonly<Record<string, string>> => {
      const pairs = text.split(/[\s,]+/).filter(Boolean);
      for (const pair of pairs)
        if (!/^[a-z0-9-]+=./.test(pair) || !isFine(pair.replace(/^[^=]*=/, '')))
          context.addIssue(`'${pair}' is not written like ${example}`);
      return Object.fromEntries(pairs.map((pair) => [pair.replace(/=.*/, ''), pair.replace(/^[^=]*=/, '')]));
    });
/** Addresses by name. */
export const addresses = named((value) => address.safeParse(value).success, 'docker=https://mirror.example/');
/** Names of images by name. */
export const images = named((value) => !value.includes('='), 'nuget=IMAGE');

/** An amount of money. */
export const dollars = z.coerce.number().min(0);
/** Dollars per million tokens in and out. */
export const price = z
  .string()
  .regex(/^\d+(?:\.\d+)?\/\d+(?:\.\d+)?$/, 'is not written like 0.40/1.60')
  .transform((text) => ({ input: Number(text.split('/')[0]), output: Number(text.split('/')[1]) }))
  .optional();

/** A port, or host:port, to listen on; this machine alone where no host is named. */
export const listening = z
  .string()
  .regex(/^(?:(?:\[[\da-f:]+\]|[\w.-]+):)?\d{1,5}$/i, 'is not written like 127.0.0.1:9464')
  .transform((text) => ({
    host: text.replace(/:?\d+$/, '').replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(/\d+$/.exec(text)![0]),
  }))
  .refine(({ port }) => port <= 65_535, 'names no port')
  .optional();

/** When something happens, in five or six fields. */
export const cron = z
  .string()
  .trim()
  .regex(/^\S+(?: +\S+){4,5}$/, 'is not written like 0 2 * * *')
  .optional();

/** Names of hosts, as addresses write them. */
export const hosts = z
  .string()
  .default('')
  .transform((text, context): readonly string[] => {
    const names = text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    for (const name of names)
      if (!/^[a-z0-9[]/.test(name) || URL.parse(`https://${name}/`)?.host !== name)
        context.addIssue(`'${name}' is not written like mcp.example.com`);
    return names;
  });

/** Addresses of pages. */
export const pages = z
  .string()
  .optional()
  .transform((text, context): readonly string[] | undefined => {
    const named = text?.split(/[\s,]+/).filter(Boolean);
    for (const one of named ?? [])
      if (!address.safeParse(one).success) context.addIssue(`'${one}' is not written like https://example.com/servers`);
    return named;
  });
