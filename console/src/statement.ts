// A statement of the record made in the browser: canonical bytes, leaf, note, seal, escrow. The same bytes as ledger/ in Python
// makes (entry.py, note.py, commitment.py, escrow.py); tests/interop holds the two to each other.
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What a side's desk knows of the record: who it is, where it stands, whom a seal's opening is encrypted to. */
export interface Desk {
  mission: string;
  realm: string;
  origin: string;
  size: number;
  root: string; // base64
  escrow: string; // hex of an X25519 key, or empty
  letter: string;
}

export interface Key {
  name: string;
  publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface Signed {
  note: string; // base64 of the note's bytes
  payload: string; // base64 of the payload's bytes
}

export interface Sealed {
  signed: Signed;
  digests: string[];
  disclosures: string[];
}

const DEMO = "truceline: these keys prove nothing";
const INFO = "truceline/escrow/1";
const BLOCK = 8192;
const ED25519 = 0x01;
const PKCS8 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]); // RFC 8410, before the seed

const utf8 = new TextEncoder();

/** RFC 8785 for what a payload may hold: no fractions, no lone surrogates. */
export function canonical(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("a payload holds whole numbers within 2^53-1 only");
  if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw new Error("a string holds half of a surrogate pair");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).sort(); // JavaScript sorts by UTF-16 unit, as the standard asks
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(",")}}`;
}

/** The published key of a demo or exercise record; it proves nothing. */
export async function demoKey(realm: string, mission: string, role: string): Promise<Key> {
  if (realm === "live") throw new Error("a live record takes no derived key");
  const seed = await sha256(utf8.encode(`${DEMO}\n${realm}\n${mission}\n${role}\n`));
  return held(`truceline/${mission}/${realm}/${role}`, await importSeed(seed));
}

/** A key that this browser made and cannot give away: it can be used and not be read. */
export async function newKey(name: string): Promise<{ key: Key; pair: CryptoKeyPair }> {
  const pair = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  return { key: await held(name, pair), pair };
}

export async function held(name: string, pair: CryptoKeyPair): Promise<Key> {
  return {
    name,
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, buffer(message))),
  };
}

async function importSeed(seed: Uint8Array): Promise<CryptoKeyPair> {
  const both = await crypto.subtle.importKey("pkcs8", buffer(joined(PKCS8, seed)), "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", both);
  const publicKey = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: x ?? "" }, "Ed25519", true, ["verify"]);
  return { privateKey: both, publicKey };
}

/** A key as one line of text, as the record names it. */
export async function vkey(key: Key): Promise<string> {
  const typed = joined(Uint8Array.of(ED25519), key.publicKey);
  return `${key.name}+${hex(await keyId(key))}+${base64(typed)}`;
}

async function keyId(key: Key): Promise<Uint8Array> {
  const typed = joined(utf8.encode(`${key.name}\n`), Uint8Array.of(ED25519), key.publicKey);
  return (await sha256(typed)).slice(0, 4);
}

/** Sign a statement of a side. */
export async function sign(desk: Desk, key: Key, type: string, id: string, round: number, at: string, body: Json): Promise<Signed> {
  const payload = utf8.encode(
    canonical({
      schema: `${type}/1`, id, mission: desk.mission, realm: desk.realm, owner: desk.letter, release: "joint",
      known_at: at, known_basis: null, valid_at: null, sources: [], by: null, body,
    }),
  );
  const text = `truceline/statement/1\n${desk.origin}\n${type} ${id} ${round}\n${base64(await sha256(payload))} ${payload.length}\n${desk.size} ${desk.root}\n`;
  const signature = joined(await keyId(key), await key.sign(utf8.encode(text)));
  const note = utf8.encode(`${text}\n\u2014 ${key.name} ${base64(signature)}\n`);
  return { note: base64(note), payload: base64(payload) };
}

/** Seal a position: its digests go out; what opens them stays here and goes, encrypted, to the escrow. */
export async function seal(desk: Desk, key: Key, subject: string, round: number, at: string, fields: { [name: string]: Json }): Promise<Sealed> {
  const disclosures: string[] = [];
  const digests: string[] = [];
  for (const name of Object.keys(fields).sort()) {
    const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
    const shown = base64url(utf8.encode(canonical([salt, name, fields[name] as Json])));
    disclosures.push(shown);
    digests.push(base64url(await sha256(utf8.encode(shown))));
  }
  digests.sort();
  const id = `${subject}:${desk.letter.toLowerCase()}`;
  const body: { [name: string]: Json } = { step: "seal", digests };
  if (desk.escrow) body.escrow = base64(await encryptTo(desk.escrow, utf8.encode(JSON.stringify(disclosures)), id));
  return { signed: await sign(desk, key, "commitment", id, round, at, body), digests, disclosures };
}

/** Open a seal of one's own. */
export function open(desk: Desk, key: Key, subject: string, round: number, at: string, disclosures: string[]): Promise<Signed> {
  return sign(desk, key, "position", `${subject}:${desk.letter.toLowerCase()}`, round, at, { step: "open", disclosures });
}

/** Take a seal back. */
export function recall(desk: Desk, key: Key, subject: string, round: number, at: string, reason: string): Promise<Signed> {
  return sign(desk, key, "commitment", `${subject}:${desk.letter.toLowerCase()}`, round, at, { step: "recall", reason });
}

/** HPKE (RFC 9180), base mode; what is encrypted is filled up, so that its length says nothing. */
async function encryptTo(key: string, text: Uint8Array, what: string): Promise<Uint8Array> {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(buffer(unhex(key)));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: buffer(utf8.encode(INFO + what)) });
  const filled = new Uint8Array(Math.ceil((4 + text.length) / BLOCK) * BLOCK);
  new DataView(filled.buffer).setUint32(0, text.length);
  filled.set(text, 4);
  return joined(new Uint8Array(sender.enc), new Uint8Array(await sender.seal(buffer(filled))));
}

export function base64(data: Uint8Array): string {
  let text = "";
  for (const one of data) text += String.fromCharCode(one);
  return btoa(text);
}

function base64url(data: Uint8Array): string {
  return base64(data).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", buffer(data)));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function buffer(data: Uint8Array): ArrayBuffer {
  return data.slice().buffer as ArrayBuffer;
}

function hex(data: Uint8Array): string {
  return [...data].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
