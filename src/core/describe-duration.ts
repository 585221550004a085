/** `8 s`, `1 min 26 s`, `3 h 5 min`, `2 d 4 h`: the two largest units, rounded. */
export function describeDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoUnits(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return twoUnits(whole, 3600, 'h', 60, 'min');
  return twoUnits(whole, 86_400, 'd', 3600, 'h');
}

function twoUnits(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const smalls = Math.round((seconds % large) / small);
  const carries = smalls * small === large;
  const larges = Math.floor(seconds / large) + (carries ? 1 : 0);
  return smalls === 0 || carries ? `${larges} ${largeName}` : `${larges} ${largeName} ${smalls} ${smallName}`;
}
