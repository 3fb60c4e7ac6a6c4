// The same as oracle.py, for makers that run in Node.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const vectors = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "vectors");
export const key = (name) => fs.readFileSync(path.join(vectors, "keys", name), "utf8");

export async function load(name) {
  try {
    return await import(name);
  } catch (error) {
    console.log(`skipped: ${error.message.split("\n")[0]} (npm install in tests/oracles)`);
    process.exit(77);
  }
}

export function run(name, document, comparable = (item) => item) {
  const file = path.join(vectors, name);
  if (process.argv.includes("--write")) {
    fs.writeFileSync(file, JSON.stringify(document, null, 1) + "\n");
    console.log(`wrote ${document.cases.length} cases to ${file}`);
    return;
  }
  const known = JSON.parse(fs.readFileSync(file, "utf8"));
  const text = (item) => JSON.stringify(comparable(item));
  const differing = document.cases.filter((item, index) => text(item) !== text(known.cases[index] ?? {})).map((item) => item.name);
  if (known.cases.length !== document.cases.length || differing.length > 0) {
    console.log(`${file} is not what ${document.source} makes now: ${differing.join(", ") || "another number of cases"}`);
    process.exit(1);
  }
  console.log(`${known.cases.length} cases agree with ${document.source}`);
}
