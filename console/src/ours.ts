// What every change in a session bears: the word by which no other site's page can ask for it, and a key by which it counts once.
export interface Written {
  entry: number;
  version: number;
  undo_until: string;
}
export interface Refused {
  status: number;
  code?: string;
  what?: string;
  todo?: string;
  questions?: { code: string; field: string; what: string; instead?: string[] | { lon: number; lat: number } }[];
}
export type Body = Record<string, unknown>;

export function ours(): Record<string, string> {
  const word = document.querySelector<HTMLMetaElement>("meta[name=csrf]")?.content;
  return word ? { "x-csrf-token": word } : {};
}

// Have an act written; `status` is 0 where the service did not answer.
export async function act(address: string, body: Body): Promise<Written | Refused> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "idempotency-key": crypto.randomUUID(), ...ours() },
      body: JSON.stringify(body),
    });
    const told = (await answer.json()) as Written | Refused;
    return answer.ok ? told : { ...told, status: answer.status };
  } catch {
    return { status: 0 };
  }
}
