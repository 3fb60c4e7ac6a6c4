// CloudFront URLs and cookies as the AWS SDK for JavaScript signs them: RSA and P-256, SHA-1 and SHA-256.
// RSA signatures are compared byte for byte; ECDSA ones are random, so only the rest of those cases is.
import { key, load, run } from "./oracle.mjs";

const { getSignedUrl, getSignedCookies } = await load("@aws-sdk/cloudfront-signer");
const { createRequire } = await import("node:module");
const version = createRequire(import.meta.url)("@aws-sdk/cloudfront-signer/package.json").version;

const keyPairId = "K2JCJMDEHXQW5F";
const expires = 1798761600;
const starts = 1798675200;
const iso = (epoch) => new Date(epoch * 1000).toISOString();
const urls = [
  "https://d111111abcdef8.cloudfront.net/video.mp4",
  "https://d111111abcdef8.cloudfront.net/vod/m1/master.m3u8?color=red&size=medium",
];
const cases = [];
for (const [name, file] of [["rsa", "rsa2048.pem"], ["p256", "p256.pem"]]) {
  for (const hash of ["sha1", "sha256"]) {
    const common = { keyPairId, privateKey: key(file), algorithm: hash === "sha256" ? "SHA256" : undefined };
    urls.forEach((url, index) => {
      const plain = { name: `${name} ${hash} canned ${index}`, url, key: file, key_id: keyPairId, hash, expires };
      cases.push({ ...plain, signed_url: getSignedUrl({ ...common, url, dateLessThan: iso(expires) }),
                   cookies: getSignedCookies({ ...common, url, dateLessThan: iso(expires) }) });
      const custom = { ...common, url, dateLessThan: iso(expires), dateGreaterThan: iso(starts), ipAddress: "203.0.113.0/24" };
      cases.push({ ...plain, name: `${name} ${hash} custom ${index}`, starts, client_ip: "203.0.113.0/24",
                   signed_url: getSignedUrl(custom), cookies: getSignedCookies(custom) });
    });
  }
}
const random = (item) => item.key.startsWith("p256");
const hidden = (text) => text.replace(/Signature=[^&]*/, "Signature=");
run("cloudfront_aws_js.json", { source: `@aws-sdk/cloudfront-signer ${version}`, cases }, (item) =>
  random(item)
    ? { ...item, signed_url: hidden(item.signed_url ?? ""), cookies: { ...item.cookies, "CloudFront-Signature": "" } }
    : item);
