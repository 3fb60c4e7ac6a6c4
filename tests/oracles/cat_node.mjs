// Common Access Tokens as node-cat makes them, and its judgement of ours (vectors/cat_ours.json, which a unit test makes anew).
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { load, run, vectors } from "./oracle.mjs";

const { CAT } = await load("@eyevinn/cat");
const root = path.dirname(createRequire(import.meta.url).resolve("@eyevinn/cat"));
const version = JSON.parse(fs.readFileSync(path.join(root, "..", "package.json"), "utf8")).version;
const secret = "0123456789abcdef0123456789abcdef";
const cat = new CAT({ keys: { k1: Buffer.from(secret) }, expectCwtTag: true });
const exp = 1798761600;
const nbf = 1798675200;
Date.now = () => (nbf + 60) * 1000;  // node-cat asks the clock itself

const claimSets = {
  "exact path": { catu: { path: { "exact-match": "/vod/m1/a.ts" } } },
  "prefix of a host": { catu: { scheme: { "exact-match": "https" }, host: { "exact-match": "h.example" }, path: { "prefix-match": "/vod/m1/" } } },
  "all parts": { catu: { "parent-path": { "exact-match": "/vod/m1" }, filename: { "exact-match": "a.ts" }, stem: { "exact-match": "a" }, extension: { "exact-match": ".ts" } } },
  "suffix and content": { catu: { path: { "suffix-match": ".ts" }, host: { "contains-match": "example" } } },
  "method": { catm: ["GET", "HEAD"], catu: { path: { "prefix-match": "/vod/" } } },
  "address": { catnip: ["203.0.113.9"], catu: { path: { "prefix-match": "/vod/" } } },
  "network": { catnip: ["203.0.113.0/24"], catu: { path: { "prefix-match": "/vod/" } } },
  "IPv6 network": { catnip: ["2001:db8:1:2::/64"], catu: { path: { "prefix-match": "/vod/" } } },
  "issuer, audience, subject, id": { iss: "us", aud: "edge", sub: "viewer", cti: "7331", catu: { path: { "prefix-match": "/vod/" } } },
  "start": { nbf, catu: { path: { "prefix-match": "/vod/" } } },
};
const cases = [];
for (const [name, claims] of Object.entries(claimSets)) {
  const token = await cat.generateFromJson({ exp, ...claims }, { type: "mac", alg: "HS256", kid: "k1" });
  const url64 = Buffer.from(token, "base64").toString("base64url");
  cases.push({ name, key: secret, key_id: "k1", claims: JSON.stringify({ exp, ...claims }), client_ip: claims.catnip?.[0].startsWith("2001") ? "2001:db8:1:2::9" : "203.0.113.9", token: url64 });
}
run("cat_node.json", { source: `@eyevinn/cat ${version}`, cases });

if (!process.argv.includes("--write")) {
  const ours = JSON.parse(fs.readFileSync(path.join(vectors, "cat_ours.json"), "utf8"));
  for (const { name, token, url, client_ip: ip } of ours.cases) {
    const judge = (where, from) => cat.validate(token, "mac", { issuer: "us", url: new URL(where), ip: from });
    const good = await judge(url, ip);
    const wrong = await judge(url.replace("/vod/", "/vid/"), ip);
    if (good.error || !wrong.error) {
      console.log(`node-cat's judgement of ours differs: ${name}: ${good.error} / ${wrong.error}`);
      process.exit(1);
    }
  }
  console.log(`${ours.cases.length} tokens of ours are accepted where they should be`);
}
