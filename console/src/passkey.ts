// Passkeys: hands what the service asks to the browser, and what the browser signed to the service.
import { ours } from "./ours";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer | null): string | undefined {
  if (!buffer) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

interface Described {
  id: string;
  type: "public-key";
}

async function send(address: string, body: string): Promise<Response> {
  return fetch(address, { method: "POST", headers: { "content-type": "application/json", accept: "application/json", ...ours() }, body });
}

async function create(asked: any): Promise<object> {
  const made = (await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: (asked.excludeCredentials ?? []).map((one: Described) => ({ ...one, id: bytes(one.id) })),
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: { clientDataJSON: text(answer.clientDataJSON), attestationObject: text(answer.attestationObject) },
  };
}

async function get(asked: any): Promise<object> {
  const signed = (await navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      allowCredentials: (asked.allowCredentials ?? []).map((one: Described) => ({ ...one, id: bytes(one.id) })),
    },
  })) as PublicKeyCredential;
  const answer = signed.response as AuthenticatorAssertionResponse;
  return {
    id: signed.id,
    rawId: text(signed.rawId),
    type: signed.type,
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature),
      userHandle: text(answer.userHandle),
    },
  };
}

async function begin(button: HTMLButtonElement): Promise<void> {
  const { ask, take, passkey } = button.dataset;
  const asked = await send(ask ?? "", "");
  if (!asked.ok) throw new Error();
  const options = await asked.json();
  const given = passkey === "create" ? await create(options) : await get(options);
  const taken = await send(take ?? "", JSON.stringify(given));
  if (!taken.ok) throw new Error();
  location.assign(((await taken.json()) as { to: string }).to);
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-passkey]");
  if (!button) return;
  button.disabled = true;
  begin(button).catch(() => {
    button.disabled = false;
    const says = button.parentElement?.nextElementSibling;
    if (says) says.textContent = button.closest<HTMLElement>("[data-passkey-failed]")?.dataset.passkeyFailed ?? "";
  });
});
