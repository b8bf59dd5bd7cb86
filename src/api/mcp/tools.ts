import type { CatalogueTool } from './tool.ts';
import checkSetup from './tools/check-setup.ts';
import checkTool from './tools/check-tool.ts';
import getPolicy from './tools/get-policy.ts';
import listChanges from './tools/list-changes.ts';
import lookUpServer from './tools/look-up-server.ts';

/** Every tool of the catalogue's own MCP server. */
export const TOOLS: readonly CatalogueTool[] = [lookUpServer, checkTool, checkSetup, getPolicy, listChanges];
