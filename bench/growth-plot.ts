/** What a build of so many prompts took. */
export interface Growth {
  readonly prompts: number;
  readonly seconds: number;
}

const [WIDTH, HEIGHT, MARGIN] = [640, 400, 56];

/** A drawing of seconds over prompts, both on a scale from 0, with the line through the origin and the last point. */
export function growthPlot(growth: readonly Growth[]): string {
  const most = {
    prompts: Math.max(...growth.map(({ prompts }) => prompts)),
    seconds: Math.max(...growth.map((each) => each.seconds)),
  };
  const x = (prompts: number) => MARGIN + (prompts / most.prompts) * (WIDTH - 2 * MARGIN);
  const y = (seconds: number) => HEIGHT - MARGIN - (seconds / most.seconds) * (HEIGHT - 2 * MARGIN);
  const at = ({ prompts, seconds }: Growth) => `${x(prompts).toFixed(1)},${y(seconds).toFixed(1)}`;
  const points = growth.map((each) => {
    const [left, top] = at(each).split(',');
    return `<circle cx="${left}" cy="${top}" r="3.5"><title>${each.prompts} prompts: ${each.seconds.toFixed(1)} s</title></circle>`;
  });
  const across = growth.filter(({ prompts }) => prompts * 4 >= most.prompts);
  const labels = [
    ...across.map(
      ({ prompts }) =>
        `<text x="${x(prompts)}" y="${HEIGHT - MARGIN + 20}" text-anchor="middle">${prompts}</text>`,
    ),
    ...[0, 0.5, 1].map(
      (share) =>
        `<text x="${MARGIN - 8}" y="${y(share * most.seconds) + 4}" text-anchor="end">${(share * most.seconds).toFixed(1)}</text>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="serif" font-size="13" fill="#1d1c1a">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fcfbf7"/>
<text x="${MARGIN}" y="28" font-size="15">Seconds of a whole build, over its prompts</text>
<path d="M${MARGIN},${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#1d1c1a"/>
<path d="M${x(0)},${y(0)}L${x(most.prompts)},${y(most.seconds)}" stroke="#a9a59b" stroke-dasharray="4 4"/>
<polyline points="${growth.map(at).join(' ')}" fill="none" stroke="#1f4e8c" stroke-width="1.5"/>
${points.join('\n')}
${labels.join('\n')}
</svg>
`;
}
