import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** A public key as a bundle names it: its id is the hash of the key itself (SPKI, DER). */
export interface PublicKey {
  readonly id: string;
  /** SPKI in PEM. */
  readonly pem: string;
}

export interface Signature {
  readonly key: string;
  readonly algorithm: 'Ed25519';
  /** Base64. */
  readonly signature: string;
}

/** A new private key in PEM (PKCS 8). */
export function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** The key in a PEM file, private or public. Throws where it is no Ed25519 key. */
export function keyFrom(pem: string): KeyObject {
  const key = /PRIVATE KEY/.test(pem) ? createPrivateKey(pem) : createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`it is a key of the type ${key.asymmetricKeyType}, not ed25519`);
  return key;
}

export function publicKeyOf(key: KeyObject): PublicKey {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  const der = open.export({ type: 'spki', format: 'der' });
  const id = createHash('sha256').update(der).digest('hex').slice(0, 32);
  return { id, pem: open.export({ type: 'spki', format: 'pem' }) as string };
}

/** Signs bytes; Ed25519 gives the same signature for the same bytes each time. */
export function signed(bytes: Buffer, key: KeyObject): Signature {
  return { key: publicKeyOf(key).id, algorithm: 'Ed25519', signature: sign(null, bytes, key).toString('base64') };
}

/** Whether one of the signatures is of that key and of these bytes. */
export function isSigned(bytes: Buffer, signatures: readonly Signature[], key: KeyObject): boolean {
  const { id } = publicKeyOf(key);
  return signatures.some(
    (one) =>
      one.key === id && one.algorithm === 'Ed25519' && verify(null, bytes, key, Buffer.from(one.signature, 'base64')),
  );
}
