// JSON Web Tokens as jose makes them, with the claims that Cloudflare Stream, Mux-like and path-bound tokens use.
// HS256, RS256 and EdDSA are compared byte for byte; ES256 is random, so only the rest of it is.
import fs from "node:fs";
import path from "node:path";
import { createPrivateKey } from "node:crypto";
import { key, load, run } from "./oracle.mjs";

const jose = await load("jose");
const { createRequire } = await import("node:module");
const version = JSON.parse(
  fs.readFileSync(path.join(path.dirname(createRequire(import.meta.url).resolve("jose")), "..", "..", "package.json"), "utf8"),
).version;

const secret = "0123456789abcdef0123456789abcdef";
const exp = 1798761600;
const nbf = 1798675200;
const claimSets = {
  stream: { sub: "5d5bc37ffcf54c9b82e996823bffbb81", kid: "k1", exp },
  "stream with rules": {
    sub: "5d5bc37ffcf54c9b82e996823bffbb81", kid: "k1", exp, nbf,
    accessRules: [
      { type: "ip.geoip.country", action: "block", country: ["US", "MX"] },
      { type: "ip.src", action: "allow", ip: ["93.184.216.0/24", "2400:cb00::/32"] },
      { type: "any", action: "block" },
    ],
  },
  "playback id": { sub: "DS00Spx1CV902MCtPj5WknGlR102V5HFkDe", aud: "v", exp },
  path: { exp, path: "/vod/a.mp4" },
};
const keys = {
  HS256: ["", new TextEncoder().encode(secret)],
  RS256: ["rsa2048.pem", createPrivateKey(key("rsa2048.pem"))],
  ES256: ["p256.pem", createPrivateKey(key("p256.pem"))],
  EdDSA: ["ed25519.pem", createPrivateKey(key("ed25519.pem"))],
};
const cases = [];
for (const [alg, [file, material]] of Object.entries(keys)) {
  for (const [name, claims] of Object.entries(claimSets)) {
    const token = await new jose.SignJWT(claims).setProtectedHeader({ alg, kid: "k1" }).sign(material);
    cases.push({ name: `${alg} ${name}`, alg, key: file, secret: file ? "" : secret, claims: JSON.stringify(claims), token });
  }
}
run("jwt_jose.json", { source: `jose ${version}`, cases }, (item) =>
  item.alg === "ES256" ? { ...item, token: item.token.split(".").slice(0, 2) } : item,
);
