// The word that every change in a session must bear, so that no other site's page can ask for it.
export function ours(): Record<string, string> {
  const word = document.querySelector<HTMLMetaElement>("meta[name=csrf]")?.content;
  return word ? { "x-csrf-token": word } : {};
}
