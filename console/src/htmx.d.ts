// What we call of htmx by name; everything else of it stands in the pages' attributes.
interface Window {
  htmx?: {
    ajax(verb: string, path: string, context: { target: string; swap: string }): Promise<void>;
    trigger(element: Element, name: string): void;
  };
}
