// The photos of the demonstration: drawn for it, with the words that stand under them.
// Called by the story files. The same caption stands in each file's IPTC and XMP; a test holds them equal.

import type { DemoPhoto } from './build.ts'

const drawn = (file: string, alt: string, caption: string): DemoPhoto => ({
  file,
  alt,
  caption,
  credit: 'Drawn for the demonstration',
  agency: 'Dateline',
})

export const PHOTOS = {
  dawn: drawn(
    'dawn.jpg',
    'Two sailing boats on a wide river before the silhouettes of a tower, domes and minarets under a violet sky.',
    'First light over the Nile in Cairo.',
  ),
  plane: drawn(
    'plane.jpg',
    'A white and blue jet on an airfield with its stairs down, a red carpet and two dark cars beside it.',
    'A government jet waits with its stairs down before the morning flight.',
  ),
  phone: drawn(
    'phone.jpg',
    'A phone showing a map with a route along the Red Sea, beside a coffee cup, a press card and a notebook.',
    'The route on a reporter’s phone: Jeddah to Cairo, then on to Israel.',
  ),
  port: drawn(
    'port.jpg',
    'A cargo ship stacked with coloured containers under a large crane at a quay.',
    'Containers are unloaded at a port on the Mediterranean coast.',
  ),
  crates: drawn(
    'crates.jpg',
    'Two workers in helmets check a list beside large wooden crates wrapped in white and blue sheets.',
    'Checking the list at a relief yard before the trucks are loaded.',
  ),
  sunset: drawn(
    'sunset.jpg',
    'A line of trucks on a straight desert road driving towards a low sun, telegraph poles on the left.',
    'Relief trucks on the road east through Sinai, shortly before sunset.',
  ),
  podium: drawn(
    'podium.jpg',
    'A wooden lectern with two microphones and a sheet of paper, flags out of focus behind it.',
    'The lectern is ready before the press conference.',
  ),
  council: drawn(
    'council.jpg',
    'An empty chamber with a horseshoe-shaped table, blue chairs and a large mural on the wall behind.',
    'The horseshoe table of the Security Council, before a meeting.',
  ),
  doha: drawn(
    'doha.jpg',
    'Lit towers by the water at night, a full moon above and a wooden boat in front.',
    'The towers of Doha’s West Bay at night.',
  ),
} satisfies Record<string, DemoPhoto>
