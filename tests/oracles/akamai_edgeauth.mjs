// EdgeAuth 2.0 tokens as Akamai's own generator for Node makes them, over all algorithms and fields.
import { load, run } from "./oracle.mjs";

const { default: EdgeAuth } = await load("akamai-edgeauth");
const { createRequire } = await import("node:module");
const version = createRequire(import.meta.url)("akamai-edgeauth/package.json").version;

const key = "52a152a152a152a152a152a152a1";
const exp = 1798761600;
const st = 1798675200;
const cases = [];
const warn = process.emitWarning;
process.emitWarning = () => {}; // it uses a deprecated Buffer constructor
for (const algorithm of ["sha256", "sha1", "md5"]) {
  for (const escapeEarly of [false, true]) {
    const plain = { key, algorithm, escapeEarly, endTime: exp };
    const data = escapeEarly ? "user id=7~x*'(y)" : "user:7,gold";
    const sets = {
      plain: {},
      fields: { startTime: st, ip: "203.0.113.7", sessionId: escapeEarly ? "s 1" : "s-1", payload: data },
      salted: { salt: "na-cl", payload: data },
    };
    for (const [name, more] of Object.entries(sets)) {
      const fields = { hash: algorithm, escape_early: escapeEarly, key, expires: exp, starts: more.startTime ?? null,
                       client_ip: more.ip ?? "", session_id: more.sessionId ?? "", data: more.payload ?? "", salt: more.salt ?? "" };
      const label = `${algorithm}${escapeEarly ? " escaped" : ""} ${name}`;
      const make = () => new EdgeAuth({ ...plain, ...more });
      cases.push({ name: `${label} prefix`, ...fields, scope: "prefix", resource: "/vod/1/", token: make().generateACLToken("/vod/1/*") });
      cases.push({ name: `${label} list`, ...fields, scope: "pattern", resource: "/vod/1/*!/img/a*.png",
                   token: make().generateACLToken(["/vod/1/*", "/img/a*.png"]) });
      cases.push({ name: `${label} url`, ...fields, scope: "exact", resource: "", token: make().generateURLToken("/vod/1/a.mp4") });
    }
  }
}
process.emitWarning = warn;
run("akamai_edgeauth.json", { source: `akamai-edgeauth ${version}`, url: "https://cdn.example.com/vod/1/a.mp4", cases });
