import type { Place } from './place.js';

/** Takes photographs that are dropped anywhere on the page, or pasted. @param say tells people why nothing happened */
export function takeFiles(places: readonly [Place, Place], say: (text: string) => void): void {
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    for (const place of places) place.element.classList.toggle('aimed', place === placeAt(places, event.target));
    document.body.classList.add('dragging');
  });
  const end = (): void => {
    document.body.classList.remove('dragging');
    for (const place of places) place.element.classList.remove('aimed');
  };
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) end();
  });
  document.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    end();
    bring(places, files, placeAt(places, event.target), say);
  });
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    const focused = placeAt(places, document.activeElement);
    // The focus stays at a photograph that was chosen there: the next one goes beside it, not in its place.
    const hasRoomElsewhere = focused?.isEmpty === false && places.some(({ isEmpty }) => isEmpty);
    bring(places, files, hasRoomElsewhere ? undefined : focused, say);
  });
}

const placeAt = (places: readonly Place[], target: EventTarget | null): Place | undefined =>
  places.find(({ element }) => target instanceof Node && element.contains(target));

/** Two files fill both places; one goes where it was aimed at, or to the first empty place. */
function bring(
  places: readonly [Place, Place],
  files: readonly File[],
  aimed: Place | undefined,
  say: (text: string) => void,
): void {
  if (files.length > 2) {
    say('Bring one or two photographs at a time.');
  } else if (files.length === 2) {
    places.forEach((place, i) => {
      place.put(files[i]);
    });
  } else {
    const place = aimed ?? places.find(({ isEmpty }) => isEmpty);
    if (place === undefined)
      say('Both places are taken: drop the photograph onto one, or select one before you paste.');
    else place.put(files[0]);
  }
}
