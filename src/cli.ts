#!/usr/bin/env node
import '#core/quick-start.ts';

// Later, so that how modules are loaded is settled before those of the program are looked up.
await import('./program.ts');
