/** The class of an element. */
type Kind<E extends Element> = new () => E;

/** The element with an id in index.html. @throws Error if there is none of this kind */
export const byId = <E extends Element>(id: string, kind: Kind<E>): E => within(document, `#${id}`, kind);

/** The first element within another that a selector finds. @throws Error if there is none, or of another kind */
export function within<E extends Element>(parent: ParentNode, selector: string, kind: Kind<E>): E {
  const found = parent.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`${selector} is missing`);
  return found;
}

/** A new HTML element. Texts are set as text, never as HTML. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A new SVG element. */
export function svg(
  tag: keyof SVGElementTagNameMap,
  attributes: Readonly<Record<string, string | number>>,
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
