/** Colour maps that a visitor can choose in place of the theme's own, by their names in addresses. */
export const MAP_CHOICES = ['blues', 'embers', 'lagoon', 'dusk', 'grey'] as const;
export type MapChoice = (typeof MAP_CHOICES)[number];
