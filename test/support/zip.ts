import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip. Nothing about it is checked, so that hostile ones can be made. */
export interface ZipEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** Permissions and kind as Unix has them; a regular file of 0644 unless said otherwise. */
  readonly mode?: number;
  /** Bytes that it claims to unpack to, in place of those it has. */
  readonly claims?: number;
  readonly encrypted?: true;
}

/** A zip archive of the entries, in order (APPNOTE 6.3); equal entries give equal bytes. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, content = '', mode = 0o100644, claims, encrypted } of entries) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const name = Buffer.from(path);
    // Version, flags, method, time, date, checksum, sizes, lengths: the part that both headers share.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(encrypted ? 0x801 : 0x800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(0x21, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(claims ?? bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, packed]);
    const head = Buffer.alloc(14);
    head.writeUInt32LE(mode * 0x10000, 6);
    head.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), shared, head, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}
