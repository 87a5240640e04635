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

export interface Taken {
  taken: Written[] | number;
  refused: { file: string; what: string; todo?: string }[];
}

// Hand in a file: what became of each item in it. A file of which nothing was taken is one refusal.
export async function handIn(address: string, file: File, more: [string, string][]): Promise<Taken> {
  const body = new FormData();
  body.set("file", file);
  for (const [name, value] of more) body.set(name, value);
  try {
    const answer = await fetch(address, { method: "POST", headers: { accept: "application/json", "idempotency-key": crypto.randomUUID(), ...ours() }, body });
    const told = (await answer.json()) as Partial<Taken> & Refused;
    if (told.taken !== undefined && told.refused) return { taken: told.taken, refused: told.refused };
    return { taken: [], refused: [{ file: file.name, what: told.what ?? String(answer.status), todo: told.todo }] };
  } catch {
    return { taken: [], refused: [{ file: file.name, what: "" }] };
  }
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
