import { expect, test } from 'vitest';
import { visible, visibleJson, visibleLine } from '#core/visible.ts';

test('no character without ink of its own passes as plain, alone or among letters', () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const char = String.fromCharCode(unit);
    if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(char)) continue;
    if (char !== '\n' && char !== '\t') expect(visible(char), unit.toString(16)).not.toContain(char);
    expect(visibleLine(char), unit.toString(16)).not.toContain(char);
    expect(visibleJson(`a${char}b`)).not.toContain(char);
  }
});
