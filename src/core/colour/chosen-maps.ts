import type { MapChoice } from '../../schema/colour-map.ts';
import { COLOUR_STOPS, type MapName, type Theme } from './colour-maps.ts';

/**
 * Sequential colour maps beside the theme's own, by theme: each begins as the page, so that nothing looks like nothing,
 * and goes away from it in equal steps of lightness (L of OKLab, Ottosson 2020), along a path of hues. They were
 * computed so, with the chroma lowered where sRGB has no such colour.
 */
export const CHOSEN_STOPS: Readonly<Record<MapChoice, Readonly<Record<Theme, readonly string[]>>>> = {
  blues: {
    light: COLOUR_STOPS.light.sequential,
    dark: ['#15171b', '#1c2d48', '#204573', '#286096', '#2e7eba', '#489dcf', '#67bce3', '#96d9f1', '#c9f4ff'],
  },
  embers: {
    light: [
      '#fbfaf6',
      '#f5d7a5',
      '#f5ac69',
      '#ef7d49',
      '#d9524e',
      '#b2355c',
      '#87245c',
      '#5b194f',
      '#341136',
    ],
    dark: COLOUR_STOPS.dark.sequential,
  },
  lagoon: {
    light: [
      '#fbfaf6',
      '#cfe79d',
      '#87d486',
      '#35ba93',
      '#07989b',
      '#0d749c',
      '#364c8e',
      '#3b2870',
      '#2b0c4d',
    ],
    dark: ['#15171b', '#2b2357', '#24417d', '#05668c', '#028891', '#1cab8d', '#68c978', '#b9de54', '#f6f367'],
  },
  dusk: {
    light: [
      '#fbfaf6',
      '#eddc9d',
      '#cfbe7e',
      '#aca178',
      '#898578',
      '#596f75',
      '#41516d',
      '#20385f',
      '#041f4c',
    ],
    dark: ['#15171b', '#1b2d49', '#314565', '#44636d', '#7a7871', '#9c9473', '#c0b075', '#e3cd79', '#ffeba2'],
  },
  grey: {
    light: [
      '#fbfaf6',
      '#dbdbdb',
      '#bebebe',
      '#a1a1a1',
      '#858585',
      '#6a6a6a',
      '#515151',
      '#383838',
      '#222222',
    ],
    dark: ['#15171b', '#2d2d2d', '#444444', '#5e5e5e', '#787878', '#939393', '#b0b0b0', '#cdcdcd', '#ebebeb'],
  },
};

/**
 * Stops of a map in a theme, evenly spaced from the least to the greatest value.
 *
 * @param chosen a sequential map in place of the theme's own; diverging maps have no choice
 */
export function stopsOf(theme: Theme, map: MapName, chosen?: MapChoice): readonly string[] {
  return chosen !== undefined && map === 'sequential'
    ? CHOSEN_STOPS[chosen][theme]
    : COLOUR_STOPS[theme][map];
}
