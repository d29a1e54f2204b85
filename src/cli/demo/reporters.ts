// Who signs the demonstration's posts: invented reporters.
// Called by the story files.

import type { Byline } from '../../domain/content.ts'

export const HALABI: Byline = { name: 'Nour Halabi', role: 'in Cairo' }
export const ADEN: Byline = { name: 'Samira Aden', role: 'with the delegation' }
export const BRANDT: Byline = { name: 'Jonas Brandt', role: 'in New York' }
export const CALDER: Byline = { name: 'Inés Calder', role: 'at the desk' }
