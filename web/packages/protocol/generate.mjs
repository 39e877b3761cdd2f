// Writes src/generated/openapi.ts from the contract, only when it differs, so that watchers stay quiet.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const kHere = path.dirname(fileURLToPath(import.meta.url));
const contract = path.resolve(kHere, '../../../api/openapi.yaml');
const target = path.join(kHere, 'src/generated/openapi.ts');

const nodes = await openapiTS(new URL(`file://${contract}`), { alphabetize: false, enumValues: false });
const text = `// Generated from api/openapi.yaml. Do not edit.\n${astToString(nodes)}`;
if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}
